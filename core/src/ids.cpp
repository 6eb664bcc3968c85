#include "mailroll/ids.hpp"

#include <ranges>

#include "hex.hpp"
#include "mailroll/error.hpp"
#include "sodium.hpp"

namespace mailroll {
namespace {

constexpr bool hyphen_before(std::size_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Uuid with_version(std::array<std::uint8_t, 16> bytes, unsigned version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | version << 4);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  return Uuid{bytes};
}

void put_48_bits(Uuid& id, std::uint64_t value) {
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
}

}  // namespace

std::string to_string(const Uuid& id) {
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (hyphen_before(i)) ++at;
    text[at++] = detail::hex_digits[id.bytes[i] >> 4];
    text[at++] = detail::hex_digits[id.bytes[i] & 15];
  }
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

Uuid make_uuid_v7(Time at) {
  detail::require_sodium();
  Uuid id;
  randombytes_buf(id.bytes.data(), id.bytes.size());
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
  put_48_bits(id, static_cast<std::uint64_t>(millis));
  return with_version(id.bytes, 7);
}

Uuid make_uuid_v8(const std::array<std::uint8_t, 16>& hash) { return with_version(hash, 8); }

ContactId next_id(const ContactId& id) {
  ContactId next = id;
  for (std::uint8_t& byte : std::ranges::reverse_view(next.bytes)) {
    if (++byte != 0) break;
  }
  return next;
}

IdRange id_partition(int index, int count) {
  if (count < 1 || count > 65536 || index < 1 || index > count) {
    throw Error(ErrorKind::invalid, "a part of the ids is 1 to COUNT of COUNT, and COUNT is 1 to 65536",
                {{"reason", "partition"}});
  }
  // The first 48 bits of a UUIDv8 are all of the hash; no product below exceeds 64 bits, since count <= 2^16 and
  // the quotient and remainder of 2^48 are split.
  const auto boundary = [count](int part) {
    constexpr std::uint64_t space = std::uint64_t{1} << 48;
    const auto parts = static_cast<std::uint64_t>(count);
    const auto below = static_cast<std::uint64_t>(part);
    return space / parts * below + space % parts * below / parts;
  };
  IdRange range;
  put_48_bits(range.first, boundary(index - 1));
  if (index < count) put_48_bits(range.last, boundary(index) - 1);
  return range;
}

}  // namespace mailroll
