#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "mailroll/error.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {

namespace {

std::string_view without_blanks_around(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

struct Limits {
  std::size_t longest;
  bool lines;             ///< line ends and tabs are allowed
  std::string_view noun;  ///< how reasons begin: "name" in "name_too_long"
};

void check_characters(std::string_view text, const Limits& limits, std::string_view what) {
  const auto wrong = [&](const std::string& why, const std::string& reason) {
    return Error(ErrorKind::invalid, "the " + std::string(what) + " " + why, {{"reason", reason}});
  };
  const auto too_long = [&] {
    return wrong("is longer than " + std::to_string(limits.longest) + " characters",
                 std::string(limits.noun) + "_too_long");
  };
  if (text.size() / U8_MAX_LENGTH > limits.longest) throw too_long();  // whatever it is: not worth reading through
  std::size_t characters = 0;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size; ++characters) {
    UChar32 character = 0;
    U8_NEXT(bytes, at, size, character);
    if (character < 0) throw wrong("is not UTF-8", "encoding");
    const bool line = character == '\n' || character == '\r' || character == '\t';
    if (u_charType(character) == U_CONTROL_CHAR && !(line && limits.lines)) {
      throw wrong("has control characters", std::string(limits.noun) + "_characters");
    }
  }
  if (characters > limits.longest) throw too_long();
}

}  // namespace

std::string checked_name(std::string_view text, std::size_t longest, std::string_view what) {
  const std::string_view name = without_blanks_around(text);
  if (name.empty()) {
    throw Error(ErrorKind::invalid, "the " + std::string(what) + " is empty", {{"reason", "name_empty"}});
  }
  check_characters(name, {.longest = longest, .lines = false, .noun = "name"}, what);
  return std::string(name);
}

std::string checked_words(std::string_view text, std::string_view what, std::size_t longest) {
  const std::string_view words = without_blanks_around(text);
  check_characters(words, {.longest = longest, .lines = true, .noun = "text"}, what);
  return std::string(words);
}

}  // namespace mailroll::detail
