#include "audience/stored_bits.hpp"

#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include <roaring/roaring.h>

namespace mailroll::detail {

namespace {

struct FreeRoaring {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Roaring = std::unique_ptr<roaring_bitmap_t, FreeRoaring>;

constexpr std::size_t added_at_once = 65'536;  // a container's

struct Reading {
  Bits& bits;
  std::size_t size;
};

}  // namespace

std::string store_bits(const Bits& bits) {
  const Roaring bitmap(roaring_bitmap_create());
  if (!bitmap) throw std::bad_alloc();
  std::vector<std::uint32_t> waiting;
  waiting.reserve(added_at_once);
  const auto add = [&] {
    roaring_bitmap_add_many(bitmap.get(), waiting.size(), waiting.data());
    waiting.clear();
  };
  bits.each([&](std::size_t bit) {
    waiting.push_back(static_cast<std::uint32_t>(bit));
    if (waiting.size() == added_at_once) add();
  });
  add();
  roaring_bitmap_run_optimize(bitmap.get());
  std::string bytes(roaring_bitmap_portable_size_in_bytes(bitmap.get()), '\0');
  roaring_bitmap_portable_serialize(bitmap.get(), bytes.data());
  return bytes;
}

bool read_stored_bits(std::string_view bytes, std::size_t size, Bits& out) {
  if (roaring_bitmap_portable_deserialize_size(bytes.data(), bytes.size()) != bytes.size()) return false;
  const Roaring bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data(), bytes.size()));
  if (!bitmap) return false;
  out = Bits();
  out.fit(size);
  Reading reading{out, size};
  return roaring_iterate(
      bitmap.get(),
      [](std::uint32_t bit, void* given) {
        const Reading& to = *static_cast<Reading*>(given);
        if (bit >= to.size) return false;
        to.bits.set(bit);
        return true;
      },
      &reading);
}

}  // namespace mailroll::detail
