/// Who there is in a snapshot: a number for each contact id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audience/bits.hpp"
#include "mailroll/ids.hpp"

namespace mailroll::detail {

/// Ordinals from 0. Those who were there when the snapshot was loaded have them in the order of their ids. Who came since
/// is numbered behind them as they came, so that nobody else's ordinal changes; who went keeps theirs and is in no set.
/// Copies are cheap.
class SnapshotIds {
 public:
  SnapshotIds() = default;
  /// `ids` ascend, and live as long as what keeps them.
  SnapshotIds(std::span<const ContactId> ids, std::shared_ptr<const void> keeps, bool are_mapped);

  /// Ordinals that are given.
  [[nodiscard]] std::size_t ordinals() const { return loaded_.size() + (late_ ? late_->ids.size() : 0); }
  /// Ordinals that there is room for before everybody must be numbered anew.
  [[nodiscard]] std::size_t capacity() const;
  [[nodiscard]] std::uint64_t contacts() const { return ordinals() - gone_count_; }
  [[nodiscard]] const ContactId& operator[](std::size_t ordinal) const {
    return ordinal < loaded_.size() ? loaded_[ordinal] : late_->ids[ordinal - loaded_.size()];
  }
  /// Also of who went.
  [[nodiscard]] std::optional<std::size_t> find(const ContactId& id) const;
  [[nodiscard]] bool has(std::size_t ordinal) const { return !gone_ || !gone_->test(ordinal); }
  /// So many came or went that everybody should be numbered anew; beyond capacity(), they must.
  [[nodiscard]] bool are_crowded() const;

  /// `comers` have no ordinals; they get the next ones in their order.
  void add(const std::vector<ContactId>& comers);
  void set_gone(std::shared_ptr<const Bits> gone);

  [[nodiscard]] std::span<const ContactId> loaded() const { return loaded_; }
  [[nodiscard]] bool are_mapped() const { return are_mapped_; }
  /// Ordinals are in the order of ids, and everybody is there.
  [[nodiscard]] bool as_loaded() const { return !late_ && !gone_; }
  [[nodiscard]] const std::shared_ptr<const Bits>& gone() const { return gone_; }
  [[nodiscard]] std::uint64_t octets() const;

  /// Calls visit(ordinal) for each of a set in the order of their ids.
  template <typename Visit>
  void each(const Bits& set, Visit&& visit) const;
  /// The same for everybody who is there.
  template <typename Visit>
  void each(Visit&& visit) const;
  /// The same for every ordinal whose id is in the range, in any order, also of who went.
  template <typename Visit>
  void each_in(const IdRange& range, Visit&& visit) const;

 private:
  struct Place {
    std::uint32_t before = 0;  ///< the ordinal of the first who was loaded and has a greater id
    std::uint32_t ordinal = 0;
  };
  struct Late {
    std::vector<ContactId> ids;  ///< by ordinal
    std::vector<Place> places;   ///< by id
  };
  [[nodiscard]] std::size_t first_loaded_from(const ContactId& id) const;

  std::span<const ContactId> loaded_;
  std::shared_ptr<const void> keeps_;
  bool are_mapped_ = false;
  std::shared_ptr<const Late> late_;  // nothing: nobody
  std::shared_ptr<const Bits> gone_;  // nothing: nobody
  std::uint64_t gone_count_ = 0;
};

template <typename Visit>
void SnapshotIds::each(const Bits& set, Visit&& visit) const {
  if (!late_) {
    set.each(visit);
    return;
  }
  auto place = late_->places.begin();
  const auto visit_late = [&](std::size_t up_to) {
    for (; place != late_->places.end() && place->before <= up_to; ++place) {
      if (set.test(place->ordinal)) visit(std::size_t{place->ordinal});
    }
  };
  set.each([&](std::size_t ordinal) {
    if (ordinal >= loaded_.size()) return;
    visit_late(ordinal);
    visit(ordinal);
  });
  visit_late(loaded_.size());
}

template <typename Visit>
void SnapshotIds::each(Visit&& visit) const {
  auto place = late_ ? late_->places.begin() : std::vector<Place>::const_iterator();
  for (std::size_t ordinal = 0; ordinal <= loaded_.size(); ++ordinal) {
    for (; late_ && place != late_->places.end() && place->before == ordinal; ++place) {
      if (has(place->ordinal)) visit(std::size_t{place->ordinal});
    }
    if (ordinal < loaded_.size() && has(ordinal)) visit(ordinal);
  }
}

template <typename Visit>
void SnapshotIds::each_in(const IdRange& range, Visit&& visit) const {
  for (std::size_t at = first_loaded_from(range.first); at < loaded_.size() && loaded_[at] <= range.last; ++at) {
    visit(at);
  }
  for (std::size_t at = loaded_.size(); at < ordinals(); ++at) {
    if (range.first <= (*this)[at] && (*this)[at] <= range.last) visit(at);
  }
}

}  // namespace mailroll::detail
