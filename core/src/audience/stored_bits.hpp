/// Sets of contacts as they stand in a file: compressed, in the portable format of Roaring bitmaps.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "audience/bits.hpp"

namespace mailroll::detail {

std::string store_bits(const Bits& bits);
/// False where the bytes are no such set, or one of more than `size` bits.
bool read_stored_bits(std::string_view bytes, std::size_t size, Bits& out);

}  // namespace mailroll::detail
