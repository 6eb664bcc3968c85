#include "postgresql/rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "postgresql/array.hpp"
#include "sql/row_error.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t shortest_page = 16;
constexpr std::size_t longest_page = 8192;

std::string bytes_of(const Uuid& id) { return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}; }

}  // namespace

std::int64_t PostgresqlRow::large_number(int column) const {
  // Big-endian, of 2, 4 or 8 bytes.
  const std::string_view bytes = text(column);
  if (bytes.empty()) return 0;
  const bool negative = (static_cast<std::uint8_t>(bytes.front()) & 0x80) != 0;
  std::int64_t value = negative ? -1 : 0;
  for (const char byte : bytes) {
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8) | static_cast<std::uint8_t>(byte);
  }
  return value;
}

void PostgresqlRow::read_id(int column, Uuid& out) const {
  if (is_null(column)) {
    out = Uuid{};
    return;
  }
  const std::string_view bytes = text(column);
  if (bytes.size() != out.bytes.size()) throw UnreadableRow();
  std::memcpy(out.bytes.data(), bytes.data(), out.bytes.size());
}

PostgresqlRows& PostgresqlRows::bind(const Uuid& id) {
  values_.add_bytes(bytes_of(id));
  return *this;
}

bool PostgresqlRows::step() {
  if (!reply_) {
    reply_ = native_.send(prepared_, values_);
    native_.settle();
  }
  return ++row_ < PQntuples(result());
}

PostgresqlRangeRows::PostgresqlRangeRows(Native& native, const Statement& statement, std::int32_t team,
                                         const IdRange& range, std::size_t limit)
    : native_(native),
      prepared_(native.prepared(statement, range.first != range.last ? Native::Form::paged : Native::Form::whole)),
      team_(team),
      range_(range),
      paged_(range.first != range.last),
      page_(static_cast<int>(std::clamp(limit, shortest_page, longest_page))) {
  ask();
}

PostgresqlRangeRows::PostgresqlRangeRows(Native& native, const Statement& statement, std::int32_t team,
                                         std::span<const ContactId> contacts)
    : native_(native), prepared_(native.prepared(statement, Native::Form::named_contacts)), team_(team) {
  std::string ids;
  begin_array(ids, false, postgresql_uuid, static_cast<std::int32_t>(contacts.size()));
  for (const ContactId& contact : contacts) {
    add_number(ids, static_cast<std::int32_t>(contact.bytes.size()));
    ids += bytes_of(contact);
  }
  PostgresqlValues values;
  values.add(team_);
  values.add_bytes(std::move(ids));
  reply_ = native_.send(prepared_, values);
}

void PostgresqlRangeRows::ask() {
  PostgresqlValues values;
  values.add(team_);
  values.add_bytes(bytes_of(range_.first));
  values.add_bytes(bytes_of(range_.last));
  if (paged_) {
    values.add(page_);
    values.add(seen_);
  }
  reply_ = native_.send(prepared_, values);
  row_ = -1;
}

bool PostgresqlRangeRows::step() {
  if (reply_->result == nullptr) native_.settle();
  if (++row_ < PQntuples(result())) return true;
  if (!paged_ || PQntuples(result()) < page_) return false;
  turn_page();
  native_.settle();
  return ++row_ < PQntuples(result());
}

void PostgresqlRangeRows::turn_page() {
  ContactId last;
  row_ = PQntuples(result()) - 1;
  read_id(0, last);
  int of_last = 0;
  for (ContactId at = last; row_ >= 0 && at == last; --row_) {
    read_id(0, at);
    if (at == last) ++of_last;
  }
  seen_ = last == range_.first ? seen_ + of_last : of_last;
  range_.first = last;
  page_ = std::min(2 * page_, static_cast<int>(longest_page));
  ask();
}

}  // namespace mailroll::detail
