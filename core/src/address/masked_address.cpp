#include "address/masked_address.hpp"

#include <cstdint>
#include <string_view>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace mailroll::detail {
namespace {

constexpr std::string_view bullets = "\u2022\u2022\u2022\u2022";

bool combines(UChar32 letter) { return (U_GET_GC_MASK(letter) & U_GC_M_MASK) != 0; }

std::string_view first_letter(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::int32_t end = 0;
  UChar32 letter = 0;
  U8_NEXT(bytes, end, size, letter);
  for (std::int32_t at = end; at < size; end = at) {
    U8_NEXT(bytes, at, size, letter);
    if (letter < 0 || !combines(letter)) break;
  }
  return text.substr(0, static_cast<std::size_t>(end));
}

}  // namespace

std::string masked(const EmailAddress& address) {
  const std::string shown = address.display();
  const std::string_view text = shown;
  const std::size_t at = text.rfind('@');
  const std::string_view domain = text.substr(at + 1);
  std::string mask(first_letter(text.substr(0, at)));
  mask.append(bullets).append("@").append(first_letter(domain)).append(bullets);
  return mask.append(domain.substr(domain.rfind('.')));
}

}  // namespace mailroll::detail
