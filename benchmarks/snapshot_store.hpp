/// A store to load snapshots from: made row by row, since consent is not what is measured.
#pragma once

#include <cstdint>
#include <filesystem>

namespace mailroll {
class Roll;
}

namespace mailroll::benchmark {

inline constexpr int snapshot_segments = 30;
inline constexpr int snapshot_topics = 10;

/// The segments S0, S1... and topics T0, T1... of such a store; every other topic is opted in to by default.
void make_snapshot_definitions(Roll& roll);

/// A SQLite store of `contacts` people: five segments each on average (the largest has four fifths of all, the smallest one in
/// twenty), choices in a seventh of all topics, a twentieth unsubscribed or suppressed. No events, so that it is good for reading
/// alone. Made only if it is not there yet.
void make_snapshot_store(const std::filesystem::path& database, std::uint64_t contacts);

}  // namespace mailroll::benchmark
