#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/roll/suppressions.hpp"
#include "mailroll/transfer/contacts_file.hpp"
#include "mailroll/transfer/rejects.hpp"
#include "roll/suppress.hpp"
#include "transfer/chunks.hpp"
#include "transfer/pace.hpp"
#include "transfer/prepare.hpp"
#include "transfer/text.hpp"

namespace mailroll {

namespace {

constexpr std::size_t rows_at_once = 1000;

struct Wanted {
  ContactId id;
  EmailAddress address;
  detail::SuppressionRequest request;
};

/// A column by its name in any case; "" where the row has none.
std::string_view cell(const RawRow& row, std::string_view column) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  for (const auto& [name, value] : row.properties) {
    if (std::ranges::equal(trimmed(name), column, {}, lower)) return trimmed(value);
  }
  return {};
}

/// Reads rows into what is wanted; what cannot be read goes to the rejects.
class Rows {
 public:
  Rows(const detail::RollState& roll, const std::string& path, SuppressionReason reason, RejectsFile& rejects)
      : roll_(roll), path_(path), reason_(reason), rejects_(rejects) {}

  std::optional<Wanted> read(const RawRow& row) {
    AddressProblem problem{};
    const std::string_view email = row[Field::email];
    std::optional<EmailAddress> address = EmailAddress::parse(email, &problem);
    if (row.broken) return reject(row, row.problem_column, row.problem, row.problem_value);
    if (!address) return reject(row, to_string(Field::email), detail::reject_reason(problem), email);

    SuppressionReason reason = reason_;
    if (const std::string_view word = cell(row, "reason"); !word.empty()) {
      const std::optional<SuppressionReason> parsed = parse_suppression_reason(word);
      if (!parsed) return reject(row, "reason", RejectReason::value_type, word);
      reason = *parsed;
    }
    detail::SuppressionRequest request = detail::suppression_request(roll_, reason);
    if (reason == SuppressionReason::manual) {
      request.actor = Actor::import;
      request.channel = Channel::import;
    }
    const std::string_view note = cell(row, "note");
    try {
      request.note = detail::checked_words(note, "note");
    } catch (const Error&) {
      return reject(row, "note", RejectReason::value_type, note);
    }
    const ContactId id = roll_.id_of(*address);
    return Wanted{id, *std::move(address), std::move(request)};
  }

 private:
  std::nullopt_t reject(const RawRow& row, std::string_view column, RejectReason why, std::string_view value) {
    rejects_.add(path_, row.row, row.line, column, why, value);
    return std::nullopt;
  }

  const detail::RollState& roll_;
  const std::string& path_;
  SuppressionReason reason_;
  RejectsFile& rejects_;
};

/// Of the run: the first rows tell a file from others, and are known before the whole of it is. Where it has grown since,
/// or was mended further down, it is the same still.
std::string source_of(const std::vector<Wanted>& first, SuppressionReason reason) {
  ContentDigest digest;
  digest.update(to_string(reason));
  for (const Wanted& each : first) {
    digest.update(std::string_view("\0", 1));
    digest.update(each.address.key());
    digest.update(to_string(each.request.reason));
  }
  return digest.hex();
}

/// Inside the chunk's transaction. Answers how many were not suppressed so before.
std::uint64_t suppress_all(detail::RollState& roll, detail::Chunks& chunks, std::vector<Wanted>& wanted) {
  std::ranges::stable_sort(wanted, {}, &Wanted::id);  // locks are taken in that order
  Session& session = chunks.session();
  std::uint64_t added = 0;
  for (const Wanted& each : wanted) {
    if (detail::suppress(roll, session, each.address, each.request).changed) ++added;
  }
  if (added != 0) chunks.changing();
  return added;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  if (path == "-" || !std::filesystem::is_regular_file(path, failed)) return 0;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

}  // namespace

SuppressionImport Suppressions::import_file(const std::string& path, SuppressionReason reason,
                                            const std::string& rejects_file, const ProgressFunction& progress) {
  const std::unique_ptr<RowReader> reader = open_contacts_file(path);
  const std::uint64_t size = size_of(path);
  RejectsFile rejects(rejects_file, roll_->keys()->signing.key);
  Rows rows(*roll_, path, reason, rejects);
  detail::Pace pace(progress);
  SuppressionImport done;
  std::vector<Wanted> wanted;
  std::optional<detail::Chunks> chunks;
  const auto write = [&] {
    if (!chunks) chunks.emplace(*roll_, "suppressions", source_of(wanted, reason));
    const std::uint64_t added = suppress_all(*roll_, *chunks, wanted);
    done.added += added;
    done.unchanged += wanted.size() - added;
    wanted.clear();
  };
  const auto tell = [&] { pace.tell("suppress", reader->bytes_read(), std::max(size, reader->bytes_read())); };

  RawRow row;
  while (reader->next(row)) {
    ++done.rows;
    std::optional<Wanted> read = rows.read(row);
    if (!read) continue;
    if (wanted.size() == rows_at_once) {
      write();
      chunks->end();
      tell();
    }
    wanted.push_back(*std::move(read));
  }
  write();
  chunks->finish();
  chunks->give_back();
  tell();
  done.rejected = rejects.count();
  rejects.close();
  return done;
}

}  // namespace mailroll
