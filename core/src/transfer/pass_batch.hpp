/// What a pass does at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "transfer/pass.hpp"
#include "transfer/sorted_rows.hpp"

namespace mailroll::detail {

/// The rows of some contacts, and what they come to.
struct Pass::Batch {
  std::shared_ptr<const SortedRows> rows;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t parts_done = 0;  ///< partitions read when this was made, for progress
  bool merged = false;           ///< as if nothing were stored
  /// Looked at ahead: whom it changes, beside what is counted of those whom it does not.
  std::optional<std::vector<ContactId>> to_change;
  ChangeSet changes;
  Counts counts;
  std::vector<Effect> effects;
  std::vector<Conflict> conflicts;
  std::vector<PreparedRow> erased;
  std::vector<std::pair<std::string, ContactId>> aliases;

  [[nodiscard]] IdRange range() const { return {rows->id(begin), rows->id(end - 1)}; }
  [[nodiscard]] std::vector<ContactId> ids() const {
    std::vector<ContactId> all;
    all.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      if (all.empty() || all.back() != rows->id(i)) all.push_back(rows->id(i));
    }
    return all;
  }
  void forget() {
    merged = false;
    to_change.reset();
    changes.clear();
    counts = {};
    effects.clear();
    conflicts.clear();
    erased.clear();
    aliases.clear();
  }
  /// How much was found to be told.
  struct Told {
    explicit Told(const Batch& batch)
        : effects(batch.effects.size()),
          conflicts(batch.conflicts.size()),
          erased(batch.erased.size()),
          aliases(batch.aliases.size()) {}
    /// Forgets what was found since.
    void take_back_later(Batch& batch) const {
      batch.effects.resize(effects);
      batch.conflicts.resize(conflicts);
      batch.erased.resize(erased);
      batch.aliases.resize(aliases);
    }
    std::size_t effects, conflicts, erased, aliases;
  };
  Details details(const PassListener& listener, bool collect_aliases, std::span<const std::uint64_t> claimed_twice) {
    Details wanted;
    if (listener.effect) wanted.effects = &effects;
    if (listener.conflict) wanted.conflicts = &conflicts;
    if (listener.erased) wanted.erased = &erased;
    if (collect_aliases) wanted.aliases = &aliases;
    wanted.claimed_twice = claimed_twice;
    wanted.alias_book = listener.alias_book;
    return wanted;
  }
};

}  // namespace mailroll::detail
