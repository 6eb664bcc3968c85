#include "audience/snapshot_ids.hpp"

#include <algorithm>
#include <utility>

namespace mailroll::detail {

namespace {

// Sets are as long as there is room, which costs one bit each: a thirty-second, and little of a small team.
constexpr std::size_t room_of = 32;
constexpr std::size_t least_room = 64;

}  // namespace

SnapshotIds::SnapshotIds(std::span<const ContactId> ids, std::shared_ptr<const void> keeps, bool are_mapped)
    : loaded_(ids), keeps_(std::move(keeps)), are_mapped_(are_mapped) {}

std::size_t SnapshotIds::capacity() const { return loaded_.size() + loaded_.size() / room_of + least_room; }

std::size_t SnapshotIds::first_loaded_from(const ContactId& id) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(loaded_, id) - loaded_.begin());
}

std::optional<std::size_t> SnapshotIds::find(const ContactId& id) const {
  if (const std::size_t at = first_loaded_from(id); at < loaded_.size() && loaded_[at] == id) return at;
  if (!late_) return std::nullopt;
  const auto id_at = [&](const Place& place) { return (*this)[place.ordinal]; };
  const auto found = std::ranges::lower_bound(late_->places, id, {}, id_at);
  if (found == late_->places.end() || id_at(*found) != id) return std::nullopt;
  return found->ordinal;
}

bool SnapshotIds::are_crowded() const { return ordinals() > capacity() || gone_count_ > capacity() - loaded_.size(); }

void SnapshotIds::add(const std::vector<ContactId>& comers) {
  if (comers.empty()) return;
  auto late = late_ ? std::make_shared<Late>(*late_) : std::make_shared<Late>();
  const auto known = static_cast<std::ptrdiff_t>(late->places.size());
  for (const ContactId& id : comers) {
    late->places.push_back({.before = static_cast<std::uint32_t>(first_loaded_from(id)),
                            .ordinal = static_cast<std::uint32_t>(loaded_.size() + late->ids.size())});
    late->ids.push_back(id);
  }
  const auto id_of = [&](const Place& place) { return late->ids[place.ordinal - loaded_.size()]; };
  std::ranges::sort(late->places.begin() + known, late->places.end(), {}, id_of);
  std::ranges::inplace_merge(late->places, late->places.begin() + known, {}, id_of);
  late_ = std::move(late);
}

void SnapshotIds::set_gone(std::shared_ptr<const Bits> gone) {
  gone_count_ = gone ? gone->count() : 0;
  gone_ = gone_count_ > 0 ? std::move(gone) : nullptr;
}

std::uint64_t SnapshotIds::octets() const {
  std::uint64_t octets = are_mapped_ ? 0 : loaded_.size_bytes();
  if (late_) octets += late_->ids.size() * sizeof(ContactId) + late_->places.size() * sizeof(Place);
  return octets;
}

}  // namespace mailroll::detail
