/// Some of the people of a snapshot, as a set to compute with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mailroll/export.hpp"

namespace mailroll {

namespace detail {
class Bits;
struct SnapshotColumns;
}  // namespace detail

/// Whom a segment, an expression or a filter means in one snapshot: & those in both, | in any, - in the left and not in the
/// right. Never changes, keeps its snapshot alive, and may be used by many threads; one bit for each contact of the snapshot.
class MAILROLL_EXPORT SnapshotPeople {
 public:
  /// How many there are, whether they may receive anything or not.
  [[nodiscard]] std::uint64_t size() const;
  /// What was asked for, as it was said, with operators between; to show to people.
  [[nodiscard]] const std::string& said() const { return said_; }

  // Invalid (reason other_snapshot) where the two are of two snapshots.
  MAILROLL_EXPORT friend SnapshotPeople operator&(const SnapshotPeople& left, const SnapshotPeople& right);
  MAILROLL_EXPORT friend SnapshotPeople operator|(const SnapshotPeople& left, const SnapshotPeople& right);
  MAILROLL_EXPORT friend SnapshotPeople operator-(const SnapshotPeople& left, const SnapshotPeople& right);

 private:
  friend class Snapshot;
  SnapshotPeople(std::shared_ptr<const detail::SnapshotColumns> columns, detail::Bits who, std::string said);
  static void require_same(const SnapshotPeople& left, const SnapshotPeople& right);

  std::shared_ptr<const detail::SnapshotColumns> columns_;
  std::shared_ptr<const detail::Bits> who_;
  std::string said_;
};

}  // namespace mailroll
