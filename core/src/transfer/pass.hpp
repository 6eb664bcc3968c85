/// Goes through all rows of an input, contact by contact in order of id, against what is stored: to look, or to write.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "roll/roll_state.hpp"
#include "transfer/alias_book.hpp"
#include "transfer/chunks.hpp"
#include "transfer/counts.hpp"
#include "transfer/intake.hpp"
#include "transfer/merge.hpp"
#include "transfer/merge_rules.hpp"
#include "transfer/pace.hpp"

namespace mailroll::detail {

/// What a pass is to tell while it goes; each may be empty.
struct PassListener {
  std::function<bool(const Effect&)> effect;      ///< false: stop
  std::function<bool(const Conflict&)> conflict;  ///< false: stop
  std::function<void(const PreparedRow&)> erased;
  const AliasBook* alias_book = nullptr;  ///< with `conflict`: what an earlier pass collected
};

class Pass {
 public:
  /// `aliases`, where given, collects old ids that several contacts claim.
  Pass(RollState& roll, Intake& intake, AliasBook* aliases) : roll_(roll), intake_(intake), aliases_(aliases) {}

  /// Changes nothing. `expected`: how many contacts there will be, for progress; 0: not known.
  Counts look(const MergeRules& rules, const PassListener& listener, Pace& pace, std::uint64_t expected);
  /// Writes, in transactions of some ten thousand contacts each; `chunks` was given the run, and may have an open
  /// transaction.
  Counts write(Chunks& chunks, const MergeRules& rules, const PassListener& listener, Pace& pace,
               std::uint64_t expected);

 private:
  struct Batch;
  class Preparation;
  Counts go(Chunks& chunks, const MergeRules& rules, const PassListener& listener, Pace& pace, std::uint64_t expected);
  void write_batch(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener);
  void merge_locked(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener);
  bool look_ahead(Batch& batch, const MergeRules& rules, const PassListener& listener) const;
  std::vector<ContactId> look_at(Session& session, Batch& batch, const MergeRules& rules,
                                 const PassListener& listener) const;
  void merge_against(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener,
                     const std::vector<ContactId>* locked);
  [[nodiscard]] Person with_retired_ids(Chunks& chunks, const OpenKeys& keys, const PreparedRow& row,
                                        const Person& stored, ChangeSet& changes) const;
  void check_key(Session& session) const;
  void withdraw(Session& session, const Batch& batch, Time now) const;
  void note_aliases(Session& session, const Batch& batch);
  bool tell(const Batch& batch, const PassListener& listener) const;

  RollState& roll_;
  Intake& intake_;
  AliasBook* aliases_;
  std::vector<std::uint64_t> claimed_twice_;  // hashes of old ids
  bool few_ = false;                          // the input is a fraction of what is stored
};

}  // namespace mailroll::detail
