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
