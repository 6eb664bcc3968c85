/// Everything that an input changes about one contact. Pure: planning and writing use it alike.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/store/person.hpp"
#include "mailroll/transfer/plan.hpp"
#include "transfer/alias_book.hpp"
#include "transfer/counts.hpp"
#include "transfer/merge_permission.hpp"
#include "transfer/merge_rules.hpp"
#include "transfer/prepared_row.hpp"
#include "transfer/statements.hpp"

namespace mailroll::detail {

/// What a caller may want to know beyond changes and counts. Null: not asked for.
struct Details {
  std::vector<Effect>* effects = nullptr;
  std::vector<Conflict>* conflicts = nullptr;
  /// Rows of erased contacts, which are rejected only here.
  std::vector<PreparedRow>* erased = nullptr;
  /// The old ids that contacts claim, of those whose hash is one of `claimed_twice` (ascending).
  std::vector<std::pair<std::string, ContactId>>* aliases = nullptr;
  std::span<const std::uint64_t> claimed_twice;
  /// With `conflicts`: tells which old ids several contacts claim.
  const AliasBook* alias_book = nullptr;
};

/// Merges contacts, one after the other, into changes and counts. Used by one thread; keeps its memory between contacts.
class Merger {
 public:
  /// `rules` outlive this.
  explicit Merger(const MergeRules& rules) : rules_(rules) {}

  /// `rows` are all rows of one contact in the order of reading; `stored` is what the store holds of it (contact,
  /// permission, segments, events, aliases). Appends to `changes` and adds to `counts`.
  void merge(std::span<const PreparedRow> rows, const Person& stored, ChangeSet& changes, Counts& counts,
             const Details& details);

 private:
  void count_opt_outs(Counts& counts);
  bool merge_members(const ContactId& id, const Person& stored, ChangeSet& changes, Counts& counts);
  void merge_aliases(const Contact& contact, const Person& stored, ChangeSet& changes, Counts& counts,
                     const Details& details);
  bool write_permission(const ContactId& id, const Person& stored, ChangeSet& changes);
  void merge_strictly(const Speaker& speaker, const Person& stored);
  void judge_audiences(const Contact& contact, const Person& stored, Counts& counts, const Details& details);
  void count_verdicts(std::size_t rows, bool created, bool updated, Counts& counts) const;

  const MergeRules& rules_;
  std::vector<const PreparedRow*> accepted_;
  std::vector<std::string_view> aliases_;
  Statements statements_;
  MergedPermission permission_;
  Statements strict_statements_;  // the same rows under the policy `everything`
  MergedPermission strict_;
};

}  // namespace mailroll::detail
