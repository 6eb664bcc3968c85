/// What a snapshot becomes by what has changed since: the sets that somebody came into or went out of are copied, all others are
/// shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audience/snapshot_columns.hpp"
#include "mailroll/store/person.hpp"
#include "mailroll/store/person_change.hpp"

namespace mailroll::detail {

/// The same people under what is defined now. Nothing where they must be read for that: a dynamic segment is another, or new.
std::optional<SnapshotColumns> under_definitions(const SnapshotColumns& older, std::vector<Segment> segments,
                                                 std::vector<Topic> topics, std::shared_ptr<const SegmentRules> rules);

/// First the changes, all of them; then whoever is to be read anew, as the store has them; then what has become of it.
class SnapshotPatch {
 public:
  /// Everybody is judged as of `as_of`, which is not before the older snapshot's.
  SnapshotPatch(SnapshotColumns older, Time as_of);

  /// Sorted by contact. What a change says is taken from it; who it says too little of is to be read anew.
  void apply(std::span<const PersonChange> changes);
  /// Whom to read anew: these, ascending, also whose consent ran out; and everybody in the ranges, which are disjoint.
  [[nodiscard]] const std::vector<ContactId>& to_read() const { return to_read_; }
  [[nodiscard]] const std::vector<IdRange>& ranges() const { return ranges_; }
  /// How many of the older snapshot are in the ranges.
  [[nodiscard]] std::size_t known_in_ranges() const;

  /// Somebody who was read anew: with contact, permission and segments. Nobody twice.
  void put(const Person& person);
  /// Whoever is to be read anew and was not put is gone.
  [[nodiscard]] SnapshotColumns finish() &&;

 private:
  using Bit = std::pair<std::uint32_t, bool>;  // an ordinal, and whether it is set
  struct Told {
    std::uint32_t ordinal = 0;
    std::optional<Judgement> judgement;  // nothing: is gone
  };

  void apply_to_one(const ContactId& contact, std::span<const PersonChange> changes);
  void go(std::size_t ordinal);
  void note_expiry(std::size_t ordinal, const ScopeState& choice);
  [[nodiscard]] Judgement judgement_without_topic(std::size_t ordinal) const;
  [[nodiscard]] bool in_ranges(const ContactId& id) const;
  void let_go_who_was_not_put();
  [[nodiscard]] std::shared_ptr<const Bits> copied(const std::shared_ptr<const Bits>& set,
                                                   const std::vector<Bit>& bits) const;
  void patch_members();
  /// The set with those bits; the same for the same bits of the same set.
  std::shared_ptr<const Bits> patched(const std::shared_ptr<const Bits>& set, std::vector<Bit> bits);
  void patch_mail(std::size_t mail);
  void patch_ids();
  void merge_expiring();

  SnapshotColumns columns_;
  std::vector<Mail> mails_;
  std::vector<ContactId> to_read_;
  std::vector<IdRange> ranges_;
  std::vector<ContactId> comers_;          // with the ordinals behind those that are given
  Bits put_;                               // by ordinal
  std::vector<Bit> there_;                 // who came back or went
  std::vector<std::vector<Bit>> members_;  // by segment
  std::vector<std::vector<Told>> judged_;  // by mail
  std::vector<Expiring> expiring_;
  struct Patched {
    std::vector<Bit> bits;
    std::shared_ptr<const Bits> set;
  };
  std::multimap<const Bits*, Patched> patched_;
};

}  // namespace mailroll::detail
