#include "sql/rows_statement.hpp"

#include <algorithm>
#include <cctype>

namespace mailroll::detail {
namespace {

bool is_letter(char letter) { return letter == '_' || std::isalnum(static_cast<unsigned char>(letter)) != 0; }

/// Fills pieces, values and count.
void take_apart(std::string_view text, RowsStatement& out) {
  std::vector<std::string_view> names;
  std::string piece;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (quoted || text[at] != ':') {
      piece += text[at];
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    const auto known = std::ranges::find(names, name);
    out.values.push_back(static_cast<std::size_t>(known - names.begin()));
    if (known == names.end()) names.push_back(name);
    out.pieces.push_back(std::move(piece));
    piece.clear();
    at = end - 1;
  }
  out.pieces.push_back(std::move(piece));
  out.count = names.size();
}

std::string_view word(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  return text.substr(at, end - at);
}

void skip_blanks(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size())); }

/// "a = :a AND b = :b" as "(a, b)" and "(:a, :b)"; false where it is anything else.
bool as_tuples(std::string_view conditions, std::string& columns, std::string& values) {
  for (;;) {
    const std::string_view column = word(conditions, 0);
    conditions.remove_prefix(column.size());
    if (column.empty() || !conditions.starts_with(" = :")) return false;
    const std::string_view name = word(conditions, 4);
    conditions.remove_prefix(4 + name.size());
    columns.append(columns.empty() ? "(" : ", ").append(column);
    values.append(values.empty() ? "(:" : ", :").append(name);
    if (conditions.empty()) break;
    skip_blanks(conditions);
    if (!conditions.starts_with("AND ")) return false;
    conditions.remove_prefix(4);
  }
  columns += ')';
  values += ')';
  return true;
}

}  // namespace

RowsStatement rows_statement(std::string_view text) {
  RowsStatement out;
  constexpr std::string_view insertion = "INSERT INTO ";
  constexpr std::string_view deletion = "DELETE FROM ";
  constexpr std::string_view where = " WHERE ";
  constexpr std::string_view values = "VALUES ";
  const auto tuple = text.find(values);
  const auto condition = text.find(where);
  std::string columns;
  std::string row;
  if (text.starts_with(insertion) && tuple != std::string_view::npos) {
    const auto begin = tuple + values.size();
    const auto end = text.find(')', begin) + 1;
    take_apart(text.substr(begin, end - begin), out);
    out.head = text.substr(0, begin);
    out.tail = text.substr(end);
    // As many placeholders as columns: each is one.
    const auto only_given = static_cast<std::size_t>(std::ranges::count(text.substr(0, begin), ',')) + 1 == out.count;
    if (out.tail.empty() && only_given) {
      out.table = word(text, insertion.size());
      const auto after_table = insertion.size() + out.table.size() + 1;
      out.columns = text.substr(after_table, text.find(')', after_table) + 1 - after_table);
    }
  } else if (text.starts_with(deletion) && condition != std::string_view::npos &&
             as_tuples(text.substr(condition + where.size()), columns, row)) {
    take_apart(row, out);
    out.head.append(text.substr(0, condition + where.size())).append(columns).append(" IN (");
    out.tail = ")";
  } else {
    take_apart(text, out);
  }
  return out;
}

}  // namespace mailroll::detail
