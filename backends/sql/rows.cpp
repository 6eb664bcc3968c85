#include "sql/rows.hpp"

#include <algorithm>

namespace mailroll::detail {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

std::string soci_bytes(const Dialect& dialect, std::span<const std::uint8_t> bytes) {
  if (!dialect.as_hex) return {bytes.begin(), bytes.end()};
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 0xf];
  }
  return text;
}

void read_bytes(std::string_view column, std::span<std::uint8_t> out) {
  if (column.size() == out.size()) {
    std::copy(column.begin(), column.end(), out.begin());
    return;
  }
  if (column.starts_with("\\x")) column.remove_prefix(2);
  std::size_t count = 0;
  for (const char letter : column) {
    if (letter == '-') continue;
    const auto digit = digits.find(letter);
    if (digit == std::string_view::npos || count == 2 * out.size()) throw UnreadableRow();
    std::uint8_t& byte = out[count / 2];
    byte = static_cast<std::uint8_t>(count % 2 == 0 ? digit << 4 : byte | digit);
    ++count;
  }
  if (count != 2 * out.size()) throw UnreadableRow();
}

Uuid uuid_of(std::string_view column) {
  Uuid id;
  read_bytes(column, id.bytes);
  return id;
}

}  // namespace mailroll::detail
