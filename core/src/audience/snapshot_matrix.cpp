// Tables over all segments. Each set is read once, in blocks that stay in the cache while the others pass by.
#include <algorithm>
#include <map>

#include "audience/snapshot_questions.hpp"
#include "mailroll/audience/snapshot.hpp"

namespace mailroll {

namespace {

/// Of 30 segments a block lies in the first cache beside the one set that it is counted with.
constexpr std::size_t narrow_block = 128;

/// How many bits each of `rows` has in common with each of `columns`, row by row.
std::vector<std::uint64_t> common_counts(const std::vector<const detail::Bits*>& rows,
                                         const std::vector<const detail::Bits*>& columns, std::size_t words) {
  std::vector<std::uint64_t> counts(rows.size() * columns.size());
  for (std::size_t first = 0; first < words; first += narrow_block) {
    const std::size_t length = std::min(narrow_block, words - first);
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const detail::Word* set = columns[column]->words() + first;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        counts[row * columns.size() + column] += detail::count_both(rows[row]->words() + first, set, length);
      }
    }
  }
  return counts;
}

}  // namespace

SegmentOverlap Snapshot::overlap(const std::vector<SegmentRef>& segments) const {
  std::vector<SnapshotPeople> people;
  people.reserve(segments.size());
  for (const SegmentRef& segment : segments) people.push_back(meant(segment));
  return overlap_of(people);
}

SegmentOverlap Snapshot::overlap_of(std::span<const SnapshotPeople> people) const {
  SegmentOverlap overlap;
  std::vector<const detail::Bits*> members;
  members.reserve(people.size());
  for (const SnapshotPeople& some : people) {
    require_own(some);
    overlap.segments.push_back(some.said());
    members.push_back(some.who_.get());
  }
  overlap.pairs = common_counts(members, members, columns_->words());
  return overlap;
}

SnapshotMatrix Snapshot::matrix() const {
  SnapshotMatrix matrix;
  matrix.segments = columns_->segments;
  matrix.topics.emplace_back();
  matrix.topics.insert(matrix.topics.end(), columns_->topics.begin(), columns_->topics.end());

  std::vector<const detail::Bits*> members;
  members.reserve(columns_->members.size());
  for (const auto& set : columns_->members) members.push_back(set.get());
  // Each set once, whichever mails share it; and none where what is left of all others is the answer.
  std::map<const detail::Bits*, std::size_t> places;
  std::vector<const detail::Bits*> sets;
  const auto counted = [&](const detail::Bits* set) {
    if (set != nullptr && places.emplace(set, sets.size()).second) sets.push_back(set);
  };
  for (const detail::Judged& judged : columns_->mails) {
    for (std::size_t r = 0; r < reason_count; ++r) {
      if (r != judged.commonest) counted(judged.by_reason[r].get());
    }
    counted(judged.by_override.get());
  }
  const std::vector<std::uint64_t> counts = common_counts(members, sets, columns_->words());

  for (std::size_t segment = 0; segment < members.size(); ++segment) {
    const std::uint64_t all = members[segment]->count();
    const auto count_of = [&](const std::shared_ptr<const detail::Bits>& set) {
      return set ? counts[segment * sets.size() + places.at(set.get())] : 0;
    };
    for (const detail::Judged& judged : columns_->mails) {
      Counts& cell = matrix.cells.emplace_back();
      cell.members = all;
      cell.incomplete = columns_->incomplete;
      std::uint64_t rest = all;
      for (std::size_t r = 0; r < reason_count; ++r) {
        if (r == judged.commonest) continue;
        cell.by_reason[r] = count_of(judged.by_reason[r]);
        rest -= cell.by_reason[r];
      }
      cell.by_reason[judged.commonest] = rest;
      cell.by_override = count_of(judged.by_override);
      for (std::size_t r = 0; r < reason_count; ++r) {
        if (receives(static_cast<Reason>(r))) cell.receives += cell.by_reason[r];
      }
    }
  }
  return matrix;
}

}  // namespace mailroll
