/// A snapshot in a file: a head of fixed length, the ids, the sets, and what they are of as JSON (docs/snapshot.md).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audience/snapshot_columns.hpp"

namespace mailroll::detail {

static_assert(std::endian::native == std::endian::little, "numbers of the file are little-endian");

struct SnapshotHead {
  /// As PNG's: tells what it is, and whether somebody took it for text on the way.
  static constexpr std::array<char, 8> right_magic = {'\x89', 'M', 'R', 'S', '\r', '\n', '\x1A', '\n'};
  static constexpr std::uint32_t newest_version = 2;

  std::array<char, 8> magic = right_magic;
  std::uint32_t version = newest_version;
  std::uint32_t unused = 0;
  std::uint64_t size = 0;                 ///< of the file
  std::uint64_t contacts = 0;             ///< their ids follow the head, then the sets, and consent that runs out
  std::uint64_t words = 0;                ///< length of the JSON, which ends the file
  std::array<std::uint8_t, 32> digest{};  ///< BLAKE2b-256 of what follows the head, then of the head with zeros here
  std::array<std::uint8_t, 56> reserved{};
};
static_assert(sizeof(SnapshotHead) == 128);

/// The sets of a snapshot in the order of its file: each once, whatever shares it.
std::vector<const Bits*> sets_of(const SnapshotColumns& columns);

/// Nothing also where segments are dynamic: a file has no filters, and what changed could not be put into such segments.
std::optional<std::int64_t> stored_cursor(const SnapshotColumns& columns);
/// Consent that runs out, as it stands in the file: for each a time, 8 octets, and an ordinal, 4. Of a snapshot with a cursor.
std::string stored_expiring(const SnapshotColumns& columns);

/// All but ids, sets and consent that runs out. `lengths`: of each set in the file.
std::string words_of(const SnapshotColumns& columns, const std::vector<std::size_t>& lengths);
/// The other way round, `sets` being what stands in the file between ids and JSON; ids are there already. Throws whatever, where
/// they do not fit together.
void read_words(std::string_view words, std::string_view sets, SnapshotColumns& columns);

void save_snapshot(const SnapshotColumns& given, const std::string& path);
std::shared_ptr<const SnapshotColumns> map_snapshot(const std::string& path);

}  // namespace mailroll::detail
