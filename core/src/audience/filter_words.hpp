/// The words of a filter's text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "audience/text_scanner.hpp"

namespace mailroll::detail {

inline constexpr TextKind filter_text{"the filter", "filter"};

struct FilterWord {
  enum class Kind { name, quoted_name, text, number, sign, end };
  Kind kind = Kind::end;
  std::string content;  ///< without quotes; of a sign, itself
  double number = 0;
  std::size_t column = 1;

  [[nodiscard]] bool is_sign(std::string_view sign) const { return kind == Kind::sign && content == sign; }
  /// In any case of letters.
  [[nodiscard]] bool is_keyword(std::string_view keyword) const;
};

/// Reads the next word.
FilterWord next_word(TextScanner& scanner);

/// Whether a name means something of its own, so that a property of that name stands in quotes.
bool is_reserved(std::string_view name);

}  // namespace mailroll::detail
