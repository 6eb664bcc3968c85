/// Arrays as PostgreSQL takes them in binary: a head, then each element's size and bytes, all numbers big-endian.
#pragma once

#include <cstdint>
#include <string>

namespace mailroll::detail {

/// PostgreSQL's number of the type, which is the same in every database.
inline constexpr std::int32_t postgresql_uuid = 2950;

template <typename Number>
void add_number(std::string& out, Number value) {
  for (int shift = 8 * (static_cast<int>(sizeof value) - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
  }
}

/// The head of an array with one dimension and `count` elements.
inline void begin_array(std::string& out, bool nulls, std::int32_t type, std::int32_t count) {
  add_number(out, std::int32_t{1});  // dimensions
  add_number(out, std::int32_t{nulls});
  add_number(out, type);
  add_number(out, count);
  add_number(out, std::int32_t{1});  // the first one's place
}

}  // namespace mailroll::detail
