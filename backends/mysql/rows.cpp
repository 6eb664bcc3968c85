#include "mysql/rows.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "sql/row_error.hpp"
#include "sql/statements/mysql_sql.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t shortest_page = 16;
constexpr std::size_t longest_page = 8192;

}  // namespace

std::int64_t MysqlRow::large_number(int column) const {
  const std::string_view digits = text(column);
  std::int64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ptr != digits.data() + digits.size()) {
    throw UnreadableRow();
  }
  return value;
}

void MysqlRow::read_id(int column, Uuid& out) const {
  if (is_null(column)) {
    out = Uuid{};
    return;
  }
  const std::string_view bytes = text(column);
  if (bytes.size() != out.bytes.size()) throw UnreadableRow();
  std::memcpy(out.bytes.data(), bytes.data(), out.bytes.size());
}

bool MysqlRow::next_row(MYSQL_RES* answer) {
  row_ = mysql_fetch_row(answer);
  if (row_ == nullptr) return false;
  sizes_ = mysql_fetch_lengths(answer);
  return true;
}

void fill(const MysqlClient& client, const RowsStatement& statement, const std::vector<MysqlValue>& values,
          std::string& out) {
  out += statement.pieces.front();
  for (std::size_t at = 0; at < statement.values.size(); ++at) {
    client.append(out, values[statement.values[at]]);
    out += statement.pieces[at + 1];
  }
}

bool MysqlRows::step() {
  if (!result_) {
    std::string text;
    fill(client_, statement_, values_, text);
    result_ = client_.query(std::move(text));
  }
  return next_row(result_.get());
}

MysqlRangeRows::MysqlRangeRows(MysqlClient& client, const Statement& statement, std::int32_t team, const IdRange& range,
                               std::size_t limit)
    : client_(client),
      statement_(client.prepared(statement)),
      team_(team),
      range_(range),
      paged_(range.first != range.last),
      page_(std::clamp(limit + 1, shortest_page, longest_page)) {
  ask();
}

MysqlRangeRows::MysqlRangeRows(MysqlClient& client, const Statement& statement, std::int32_t team,
                               std::span<const ContactId> contacts)
    : client_(client), statement_(client.prepared_for_contacts(statement)), team_(team) {
  std::string text = statement_.pieces[0];
  client_.append(text, {MysqlValue::Kind::number, team_, {}});
  text += statement_.pieces[1];
  MysqlValue id{MysqlValue::Kind::bytes, 0, {}};
  for (const ContactId& contact : contacts) {
    if (&contact != contacts.data()) text += ',';
    id.bytes.assign(reinterpret_cast<const char*>(contact.bytes.data()), contact.bytes.size());
    client_.append(text, id);
  }
  text += statement_.pieces[2];
  reply_ = client_.ask(text);
}

void MysqlRangeRows::ask() {
  struct Values : MysqlValues {
    Values() : MysqlValues(5) {}
    using MysqlValues::values_;
  } values;
  values.bind(team_).bind(range_.first).bind(range_.last);
  values.bind(static_cast<std::int64_t>(page_)).bind(static_cast<std::int64_t>(of_first_));
  std::string text;
  fill(client_, statement_, values.values_, text);
  if (paged_) {
    static const RowsStatement page = rows_statement(sql::mysql_page);
    fill(client_, page, {values.values_[3], values.values_[4]}, text);
  }
  reply_ = client_.ask(std::move(text));
  stepped_ = 0;
}

bool MysqlRangeRows::step() {
  for (;;) {
    if (!reply_->result) client_.settle();
    if (next_row(reply_->result.get())) {
      ++stepped_;
      if (!paged_) return true;
      ContactId id;
      read_id(0, id);
      of_first_ = id == range_.first ? of_first_ + 1 : 1;
      range_.first = id;
      return true;
    }
    if (!paged_ || stepped_ < page_) return false;
    page_ = std::min(2 * page_, longest_page);
    ask();
  }
}

}  // namespace mailroll::detail
