#include "transfer/intake.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

#include "transfer/handover.hpp"
#include "transfer/row_block.hpp"
#include "transfer/text.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t rows_in_memory = std::size_t{128} << 20;
constexpr std::size_t claims_in_memory = std::size_t{32} << 20;
constexpr std::uint64_t partition_size = std::uint64_t{8} << 20;
constexpr std::size_t claim_partitions = 64;
constexpr std::size_t blocks_waiting = 4;
constexpr std::size_t longest_audience = 1000;  // bytes; stores find audiences again by their names

/// A power of two, so that a partition is a number of leading bits.
std::size_t partitions_for(std::uint64_t bytes) {
  constexpr std::uint64_t fewest = 16;
  constexpr std::uint64_t most = 1024;
  if (bytes == 0) return 256;  // a pipe
  return std::bit_ceil(std::clamp(bytes / partition_size, fewest, most));
}

std::uint64_t leading_half(const ContactId& id) {
  std::uint64_t half = 0;
  for (std::size_t i = 0; i < 8; ++i) half = half << 8 | id.bytes[i];
  return half;
}

}  // namespace

std::string clean_name(std::string_view name) {
  std::string clean(trimmed(name));
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return clean;
}

std::size_t partition_of(const ContactId& id, std::size_t partitions) {
  return static_cast<std::size_t>(leading_half(id) >> 32) / ((std::size_t{1} << 32) / partitions);
}

struct Intake::Block {
  RowBlock rows;
  bool begins_file = false;
  std::vector<ReadAddress> addresses;  // read ahead, or none
};

Intake::Intake(const IntakeOptions& options)
    : options_(options),
      spool_(partitions_for(options.bytes), rows_in_memory),
      claims_(claim_partitions, claims_in_memory),
      properties_(options.properties),
      preparer_(options.hash_key.hash, properties_, options.strict_properties),
      rejects_(options.rejects, options.hash_key.key) {}

AudienceIndex Intake::add_audience(const std::string& id, const std::string& name) {
  const auto [place, added] =
      audience_by_alias_.try_emplace(id.empty() ? name : id, static_cast<AudienceIndex>(audiences_.size()));
  if (added) audiences_.push_back({id, name});
  return place->second;
}

AudienceIndex Intake::audience_of(std::string_view cell) {
  if (cell == last_audience_) return last_audience_index_;
  const std::string name = clean_name(cell);
  last_audience_ = cell;
  const bool usable = !name.empty() && name.size() <= longest_audience;
  last_audience_index_ = usable ? add_audience("", name) : no_audience;
  return last_audience_index_;
}

void Intake::read(RowReader& reader, const std::string& path, std::optional<AudienceIndex> audience, Pace& pace) {
  files_.push_back(path);
  Handover<Block> blocks(blocks_waiting);
  Companion preparing([&] {
    try {
      while (std::optional<Block> block = blocks.take()) prepare(*block);
    } catch (...) {
      blocks.abandon();
      throw;
    }
  });
  try {
    const std::uint64_t bytes_before = bytes_;
    RawRow row;
    Block block;
    block.begins_file = true;
    bool wanted = true;
    while (wanted && reader.next(row)) {
      ++rows_;
      const bool named = !options_.audiences || audience;
      block.rows.add(row, named ? audience.value_or(0) : audience_of(row[Field::audience]));
      if (!block.rows.full()) continue;
      // Preparing is more work than parsing: rather than wait for the other thread, take some of it over.
      if (blocks.full()) read_addresses(block);
      wanted = blocks.put(std::move(block));
      block = {};
      bytes_ = bytes_before + reader.bytes_read();
      pace.tell("read", bytes_, options_.bytes);
    }
    bytes_ = bytes_before + reader.bytes_read();
    if (wanted) blocks.put(std::move(block));
    blocks.end();
  } catch (...) {
    blocks.end();
    blocks.abandon();
    throw;
  }
  preparing.join();
  pace.tell("read", bytes_, options_.bytes);
}

void Intake::read_addresses(Block& block) const {
  RawRow raw;
  AudienceIndex audience = 0;
  while (block.rows.next(raw, audience)) block.addresses.push_back(preparer_.read_address(raw[Field::email]));
  block.rows.rewind();
}

void Intake::prepare(Block& block) {
  if (block.begins_file) properties_.begin_file(files_.back());
  RawRow raw;
  AudienceIndex audience = 0;
  ReadAddress own;
  std::size_t at = 0;
  row_.file = static_cast<std::uint32_t>(files_.size() - 1);
  while (block.rows.next(raw, audience)) {
    row_.audience = audience;
    const bool ahead = !block.addresses.empty();
    if (!ahead) own = preparer_.read_address(raw[Field::email]);
    std::optional<Problem> problem = preparer_.prepare(raw, ahead ? block.addresses[at++] : own, row_);
    bool keep = preparer_.keep();
    if (!problem && audience == no_audience) {
      problem = Problem{RejectReason::value_type, to_string(Field::audience), raw[Field::audience]};
      keep = row_.unsubscribed;
      row_.opt_out_only = true;
    }
    if (problem) {
      ++rejected_[static_cast<std::size_t>(problem->reason)];
      rejects_.add(files_.back(), row_.row, row_.line, problem->column, problem->reason, problem->value);
    }
    if (!keep) continue;
    record_.clear();
    encode(row_, record_);
    spool_.append(partition_of(row_.id, spool_.partitions()), record_);
    if (!options_.audiences || row_.opt_out_only || row_.alias.empty()) continue;
    const AliasClaim claim{std::hash<std::string_view>()(row_.alias), leading_half(row_.id)};
    claims_.append(claim.hash % claim_partitions, {reinterpret_cast<const char*>(&claim), sizeof claim});
  }
}

void Intake::reject_erased(const PreparedRow& row) {
  rejects_.add(files_[row.file], row.row, row.line, to_string(Field::email), RejectReason::suppressed_erased,
               row.written);
}

const std::vector<std::uint64_t>& Intake::claimed_twice() {
  if (claimed_twice_) return *claimed_twice_;
  std::vector<std::uint64_t> found;
  std::string bytes;
  std::vector<AliasClaim> claims;
  for (std::size_t i = 0; i < claims_.partitions(); ++i) {
    claims_.load(i, bytes);
    claims.resize(bytes.size() / sizeof(AliasClaim));
    if (claims.empty()) continue;
    std::memcpy(claims.data(), bytes.data(), bytes.size());
    std::ranges::sort(claims, {}, &AliasClaim::hash);
    for (std::size_t at = 1; at < claims.size(); ++at) {
      if (claims[at].hash == claims[at - 1].hash && claims[at].contact != claims[at - 1].contact &&
          (found.empty() || found.back() != claims[at].hash)) {
        found.push_back(claims[at].hash);
      }
    }
  }
  std::ranges::sort(found);
  return claimed_twice_.emplace(std::move(found));
}

}  // namespace mailroll::detail
