/// Ids: 128-bit UUIDs for the outside, small numbers for the inside. A type for each, so that none is taken for another.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// A UUID (RFC 9562), ordered by its 16 bytes, which is also the order of its text.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;
  [[nodiscard]] bool is_nil() const { return *this == Uuid{}; }
};

/// 36 lower-case characters with hyphens.
MAILROLL_EXPORT std::string to_string(const Uuid& id);
/// Reads 36 characters with hyphens, in any case; anything else gives nothing.
MAILROLL_EXPORT std::optional<Uuid> parse_uuid(std::string_view text);

/// UUID version 7: `at` in milliseconds, then 74 random bits. Later calls with the same millisecond are not ordered.
MAILROLL_EXPORT Uuid make_uuid_v7(Time at);
/// UUID version 8 out of 16 bytes of a hash: version and variant bits are set, the other 122 bits are kept.
MAILROLL_EXPORT Uuid make_uuid_v8(const std::array<std::uint8_t, 16>& hash);

template <typename Tag>
struct Id : Uuid {
  Id() = default;
  explicit Id(const Uuid& uuid) : Uuid(uuid) {}
  auto operator<=>(const Id&) const = default;
};

using ContactId = Id<struct ContactTag>;  ///< derived from team and address (see address/contact_id.hpp)
using SegmentId = Id<struct SegmentTag>;  ///< UUIDv7
using TopicId = Id<struct TopicTag>;      ///< UUIDv7
using EventId = Id<struct EventTag>;      ///< UUIDv7 of a live act, UUIDv8 derived for an import's
using RunId = Id<struct RunTag>;          ///< UUIDv7
using LeaseId = Id<struct LeaseTag>;      ///< UUIDv7; one for each batch that a worker leases

/// Small numbers, unique within a team and never given twice; 0 is nobody's.
enum class TeamNumber : std::int32_t {};
enum class SegmentNumber : std::int32_t {};
enum class TopicNumber : std::int32_t {};
enum class BroadcastNumber : std::int32_t {};

/// As a topic, the scope of consent events and states that concern everything.
inline constexpr TopicNumber everything_scope{0};

template <typename Number>
requires std::is_enum_v<Number>
[[nodiscard]] constexpr std::int32_t number_of(Number number) { return static_cast<std::int32_t>(number); }

/// Contact ids from `first` (inclusive) to `last` (inclusive).
struct IdRange {
  ContactId first{};
  ContactId last{Uuid{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}}};
};

/// The id after `id`, to go on behind it. (The last id of all gives the first; page sizes end the walk before.)
[[nodiscard]] MAILROLL_EXPORT ContactId next_id(const ContactId& id);

/// Part `index` (1..count) of `count` disjoint ranges that together hold every id; contact ids are evenly spread, so
/// the parts are about equal. Invalid where index or count is out of order; count at most 65536.
MAILROLL_EXPORT IdRange id_partition(int index, int count);

}  // namespace mailroll

template <>
struct std::hash<mailroll::Uuid> {
  std::size_t operator()(const mailroll::Uuid& id) const noexcept {
    std::size_t value = 0;  // ids are random or hashes, save for UUIDv7's first half
    std::memcpy(&value, id.bytes.data() + 8, sizeof value);
    return value;
  }
};
template <typename Tag>
struct std::hash<mailroll::Id<Tag>> : std::hash<mailroll::Uuid> {};
