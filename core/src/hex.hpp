/// Bytes as lower-case hex digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mailroll::detail {

inline constexpr char hex_digits[] = "0123456789abcdef";

inline std::string to_hex(const std::uint8_t* bytes, std::size_t count) {
  std::string text(count * 2, '0');
  for (std::size_t i = 0; i < count; ++i) {
    text[2 * i] = hex_digits[bytes[i] >> 4];
    text[2 * i + 1] = hex_digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace mailroll::detail
