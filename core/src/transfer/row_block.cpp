#include "transfer/row_block.hpp"

#include <cstdint>
#include <cstring>

namespace mailroll::detail {
namespace {

struct Head {
  std::uint64_t row;
  std::uint64_t line;
  AudienceIndex audience;
  std::uint32_t fields[field_count];
  std::uint32_t properties;
  std::uint32_t column;
  std::uint32_t value;
  RejectReason problem;
  bool broken;
};

std::uint32_t size_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

}  // namespace

void RowBlock::add(const RawRow& row, AudienceIndex audience) {
  Head head{};
  head.row = row.row;
  head.line = row.line;
  head.audience = audience;
  for (std::size_t i = 0; i < field_count; ++i) head.fields[i] = size_of(row.fields[i]);
  head.properties = static_cast<std::uint32_t>(row.properties.size());
  head.column = size_of(row.problem_column);
  head.value = size_of(row.problem_value);
  head.problem = row.problem;
  head.broken = row.broken;
  bytes_.append(reinterpret_cast<const char*>(&head), sizeof head);
  for (const std::string_view field : row.fields) bytes_.append(field);
  bytes_.append(row.problem_column).append(row.problem_value);
  for (const auto& [name, text] : row.properties) {
    const std::uint32_t sizes[] = {size_of(name), size_of(text)};
    bytes_.append(reinterpret_cast<const char*>(sizes), sizeof sizes).append(name).append(text);
  }
}

bool RowBlock::next(RawRow& row, AudienceIndex& audience) {
  if (taken_ == bytes_.size()) return false;
  const auto take = [&](std::size_t size) {
    const std::string_view text(bytes_.data() + taken_, size);
    taken_ += size;
    return text;
  };
  Head head;
  std::memcpy(&head, take(sizeof head).data(), sizeof head);
  row.row = head.row;
  row.line = head.line;
  audience = head.audience;
  for (std::size_t i = 0; i < field_count; ++i) row.fields[i] = take(head.fields[i]);
  row.problem_column = take(head.column);
  row.problem_value = take(head.value);
  row.problem = head.problem;
  row.broken = head.broken;
  row.properties.clear();
  for (std::uint32_t i = 0; i < head.properties; ++i) {
    std::uint32_t sizes[2];
    std::memcpy(sizes, take(sizeof sizes).data(), sizeof sizes);
    const std::string_view name = take(sizes[0]);
    row.properties.emplace_back(name, take(sizes[1]));
  }
  return true;
}

}  // namespace mailroll::detail
