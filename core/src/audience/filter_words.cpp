#include "audience/filter_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mailroll::detail {

namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool is_name_letter(char letter) {
  return is_digit(letter) || letter == '_' || (lower(letter) >= 'a' && lower(letter) <= 'z');
}

bool same(std::string_view word, std::string_view keyword) { return std::ranges::equal(word, keyword, {}, lower); }

void take_number(TextScanner& scanner, FilterWord& word) {
  word.kind = FilterWord::Kind::number;
  word.content = scanner.take_while([](char letter) { return is_digit(letter) || letter == '.'; });
  if (lower(scanner.peek()) == 'e' && (is_digit(scanner.peek(1)) || is_digit(scanner.peek(2)))) {
    word.content += scanner.peek();
    scanner.skip(1);
    if (!is_digit(scanner.peek())) {
      // The sign of an exponent; from_chars knows no plus there that it would not take.
      word.content += scanner.peek();
      scanner.skip(1);
    }
    word.content += scanner.take_while(is_digit);
  }
  const char* end = word.content.data() + word.content.size();
  const auto [read, problem] = std::from_chars(word.content.data(), end, word.number);
  if (problem != std::errc() || read != end || !std::isfinite(word.number)) {
    throw scanner.wrong(word.column, "this is not a number");
  }
  if (is_name_letter(scanner.peek())) {
    throw scanner.wrong(word.column, "a name that begins with a digit stands in double quotes");
  }
}

void take_sign(TextScanner& scanner, FilterWord& word) {
  static constexpr std::array<std::string_view, 12> signs{"<=", ">=", "!=", "<>", "=", "<",
                                                          ">",  "(",  ")",  ",",  "+", "-"};
  word.kind = FilterWord::Kind::sign;
  for (const std::string_view sign : signs) {
    if (scanner.peek() != sign[0] || (sign.size() > 1 && scanner.peek(1) != sign[1])) continue;
    word.content = sign;
    scanner.skip(sign.size());
    return;
  }
  throw scanner.wrong(word.column, "this letter means nothing here; texts stand in 'quotes'");
}

}  // namespace

bool FilterWord::is_keyword(std::string_view keyword) const { return kind == Kind::name && same(content, keyword); }

bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 18> reserved{
      "and",  "or",    "not", "in",   "between",    "like",     "starts",    "is",       "null",
      "true", "false", "now", "with", "in_segment", "opted_in", "opted_out", "receives", "unsubscribed"};
  return std::ranges::any_of(reserved, [&](std::string_view keyword) { return same(name, keyword); });
}

FilterWord next_word(TextScanner& scanner) {
  scanner.skip_blanks();
  FilterWord word;
  word.column = scanner.column();
  if (scanner.at_end()) return word;
  const char letter = scanner.peek();
  if (letter == '\'' || letter == '"') {
    word.kind = letter == '"' ? FilterWord::Kind::quoted_name : FilterWord::Kind::text;
    word.content = scanner.take_quoted();
  } else if (is_digit(letter)) {
    take_number(scanner, word);
  } else if (is_name_letter(letter)) {
    word.kind = FilterWord::Kind::name;
    word.content = scanner.take_while(is_name_letter);
  } else {
    take_sign(scanner, word);
  }
  return word;
}

}  // namespace mailroll::detail
