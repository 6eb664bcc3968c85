/// A text that is read from left to right, where each letter has a column. What expressions and filters are read with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mailroll/error.hpp"

namespace mailroll::detail {

/// Where a text is wrong, and why: `WHAT, column N: WHY`, with reason and column as details.
struct TextKind {
  std::string_view what;    ///< "the filter", "the segment expression"
  std::string_view reason;  ///< the code of errors about it: "filter", "expression"

  [[nodiscard]] Error wrong(std::size_t column, const std::string& why) const;
  /// The same of JSON: `WHAT, at PATH: WHY`, or `WHAT: WHY` of the whole, with reason and path as details.
  [[nodiscard]] Error wrong_at(const std::string& path, const std::string& why) const;
  /// Of what was read from either: the column of a text, or where it is 0, the path of JSON.
  template <typename Place>
  [[nodiscard]] Error wrong_in(const Place& place, const std::string& why) const {
    return place.column == 0 ? wrong_at(place.path, why) : wrong(place.column, why);
  }
};

class TextScanner {
 public:
  /// Invalid where the text is longer than `longest` bytes, not UTF-8, or has control characters other than blanks.
  TextScanner(std::string_view text, const TextKind& kind, std::size_t longest);

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  /// The byte at the position, or `ahead` bytes behind it; 0 behind the end.
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  /// In characters, from 1.
  [[nodiscard]] std::size_t column() const { return column_; }
  void skip(std::size_t bytes);
  void skip_blanks();
  /// Takes bytes as long as they belong.
  template <typename Belongs>
  std::string_view take_while(Belongs belongs) {
    const std::size_t begin = at_;
    while (!at_end() && belongs(peek())) skip(1);
    return text_.substr(begin, at_ - begin);
  }
  /// What stands between two quotes of the kind at the position; that quote is doubled inside. Skips both.
  std::string take_quoted();

  [[nodiscard]] Error wrong(std::size_t column, const std::string& why) const { return kind_.wrong(column, why); }

 private:
  std::string_view text_;
  TextKind kind_;
  std::size_t at_ = 0;
  std::size_t column_ = 1;
};

constexpr bool is_blank(char letter) { return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r'; }

/// Between these quotes, each quote inside doubled.
std::string quoted(std::string_view text, char quote);

}  // namespace mailroll::detail
