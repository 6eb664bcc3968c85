#include "sql/dialect.hpp"

namespace mailroll::detail {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

/// Every {word ARGUMENT} becomes `with`, in which `hole` is the argument.
void replace_words(std::string& text, std::string_view word, std::string_view with, std::string_view hole) {
  std::string begin = "{";
  begin.append(word).append(" ");
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
    const auto end = text.find('}', at);
    const std::string argument = text.substr(at + begin.size(), end - at - begin.size());
    std::string filled(with);
    replace_all(filled, hole, argument);
    text.replace(at, end - at + 1, filled);
  }
}

/// Every {column} of "excluded.{column}" as VALUES({column}); without an update, one that changes nothing.
void say_on_duplicate_key(std::string& text) {
  constexpr std::string_view conflict = "ON CONFLICT (";
  constexpr std::string_view instead = "ON DUPLICATE KEY UPDATE ";
  constexpr std::string_view update = "DO UPDATE SET ";
  constexpr std::string_view excluded = "excluded.";
  const auto begin = text.find(conflict);
  if (begin == std::string::npos) return;
  const auto columns = begin + conflict.size();
  const auto what = text.find("DO ", columns);
  if (text.compare(what, update.size(), update) == 0) {
    text.replace(begin, what + update.size() - begin, instead);
  } else {
    const std::string column = text.substr(columns, text.find_first_of(",)", columns) - columns);
    text.erase(begin);
    text.append(instead).append(column).append(" = ").append(column);
  }
  for (auto at = text.find(excluded); at != std::string::npos; at = text.find(excluded, at)) {
    text.replace(at, excluded.size(), "VALUES(");
    const auto end = text.find_first_of(", \n", at);
    text.insert(end == std::string::npos ? text.size() : end, ")");
  }
}

}  // namespace

std::string_view Dialect::variant(const Statement& statement) const {
  if (name == "postgresql" && !statement.variants.postgresql.empty()) return statement.variants.postgresql;
  if (name == "mysql" && !statement.variants.mysql.empty()) return statement.variants.mysql;
  return statement.all;
}

std::string Dialect::text(const Statement& statement) const {
  std::string text(variant(statement));
  replace_words(text, "id", id_value, "{}");
  replace_words(text, "blob", blob_value, "{}");
  if (on_duplicate_key) say_on_duplicate_key(text);
  return text;
}

std::string Dialect::migration(std::string_view file) const {
  std::string text(file);
  replace_words(text, "text", short_text, "{size}");
  replace_words(text, "key", key_text, "{size}");
  replace_all(text, "{id}", id_type);
  replace_all(text, "{blob}", blob_type);
  replace_all(text, "{text}", text_type);
  replace_all(text, "{packed}", packed);
  return text;
}

}  // namespace mailroll::detail
