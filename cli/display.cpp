#include "display.hpp"

#include <cstdint>
#include <cstdio>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace mailroll::cli {
namespace {

constexpr UChar32 zero_width_non_joiner = 0x200C;  // Persian and Indic scripts need it
constexpr UChar32 zero_width_joiner = 0x200D;      // emoji are made with it

bool is_harmful(UChar32 letter) {
  switch (u_charType(letter)) {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SURROGATE: return true;
    case U_FORMAT_CHAR: return letter != zero_width_joiner && letter != zero_width_non_joiner;
    default: return false;
  }
}

std::string written_out(const char* form, unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t next = 0; next < size;) {
    const std::int32_t start = next;
    UChar32 letter = 0;
    U8_NEXT(bytes, next, size, letter);
    if (letter < 0) {
      for (std::int32_t i = start; i < next; ++i) result += written_out("\\x%02x", bytes[i]);
    } else if (letter == '\n') {
      result += "\\n";
    } else if (letter == '\r') {
      result += "\\r";
    } else if (letter == '\t') {
      result += "\\t";
    } else if (is_harmful(letter)) {
      result += letter < 0x100     ? written_out("\\x%02x", static_cast<unsigned>(letter))
                : letter < 0x10000 ? written_out("\\u%04x", static_cast<unsigned>(letter))
                                   : written_out("\\U%08x", static_cast<unsigned>(letter));
    } else {
      result.append(text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(next - start)));
    }
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t next = 0; next < size;) {
    UChar32 letter = 0;
    U8_NEXT(bytes, next, size, letter);
    if (letter < 0) {
      ++width;
      continue;
    }
    switch (u_charType(letter)) {
      case U_NON_SPACING_MARK:
      case U_ENCLOSING_MARK:
      case U_FORMAT_CHAR: continue;
      default: break;
    }
    const int east_asian = u_getIntPropertyValue(letter, UCHAR_EAST_ASIAN_WIDTH);
    width += east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

}  // namespace mailroll::cli
