#include "transfer/merge.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "mailroll/consent/decide.hpp"
#include "store/permission_change.hpp"
#include "transfer/merge_profile.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t longest_alias = 128;

bool holds(const std::vector<SegmentNumber>& segments, SegmentNumber segment) {
  return std::ranges::binary_search(segments, segment);
}

Reason judge(const Permission& permission, UnsubscribedPolicy policy, const AudienceTarget& target, Time now) {
  Mail mail;
  mail.at = now;
  const bool topic = policy == UnsubscribedPolicy::topics;
  if (topic) mail.topic_default = Subscription::opt_out;
  return decide(true, true, permission.standing, topic ? permission.choice(target.topic) : ScopeState{}, mail);
}

/// A raise that stood before this input: mail that comes of it is not gained by the input.
bool raised_before(const Permission& stored, UnsubscribedPolicy policy, const AudienceTarget& target) {
  const ScopeState& state =
      policy == UnsubscribedPolicy::topics ? stored.choice(target.topic) : stored.standing.everything;
  return state.said == Said::opt_in;
}

bool said_changed(const Permission& before, const Permission& after) {
  if (before.standing.everything.said != after.standing.everything.said) return true;
  return std::ranges::any_of(
      after.choices, [&](const Choice& choice) { return before.choice(choice.topic).said != choice.state.said; });
}

}  // namespace

void Merger::merge(std::span<const PreparedRow> rows, const Person& stored, ChangeSet& changes, Counts& counts,
                   const Details& details) {
  accepted_.clear();
  for (const PreparedRow& row : rows) {
    if (!row.opt_out_only) accepted_.push_back(&row);
  }
  if (stored.permission.standing.erased) {
    counts.erased_rows += accepted_.size();
    counts.rows_by_verdict[static_cast<std::size_t>(RowVerdict::rejected)] += accepted_.size();
    if (details.erased != nullptr) {
      for (const PreparedRow* row : accepted_) details.erased->push_back(*row);
    }
    return;
  }

  const ContactId& id = rows.front().id;
  const Speaker speaker(id, stored);
  read_statements(rows, speaker, rules_, statements_);
  merge_permission(statements_, stored, rules_, permission_);
  bool updated = write_permission(id, stored, changes);
  counts.opt_ins += rules_.import ? permission_.raised : statements_.opt_ins.size();
  counts.raised += permission_.raised;
  counts.unsubscribed += permission_.unsubscribed ? 1 : 0;
  count_opt_outs(counts);
  if (accepted_.empty()) return;

  counts.kept_opted_out += permission_.kept_opted_out;
  counts.kept_removed += permission_.kept_removed;
  counts.left_to_topics += permission_.left_to_topics ? 1 : 0;
  const bool created = !stored.contact;
  std::optional<Contact> profile = merge_profile(accepted_, stored.contact ? &*stored.contact : nullptr, rules_);
  updated |= profile.has_value();
  updated |= merge_members(id, stored, changes, counts);

  const Contact& after = profile ? *profile : *stored.contact;
  find_conflicts(accepted_, after, rules_, counts, details.conflicts);
  merge_aliases(after, stored, changes, counts, details);
  if (!rules_.import) judge_audiences(after, stored, counts, details);
  ++counts.contacts;
  if (created)
    ++counts.created;
  else if (updated)
    ++counts.updated;
  else
    ++counts.unchanged;
  count_verdicts(accepted_.size(), created, updated, counts);
  if (profile) changes.contacts.push_back(std::move(*profile));
}

bool Merger::write_permission(const ContactId& id, const Person& stored, ChangeSet& changes) {
  const Permission& before = stored.permission;
  const Permission& after = permission_.after;
  if (permission_.events.empty() && before == after) return false;
  add_permission_change(changes, id, before, after);
  for (ConsentEvent& event : permission_.events) add_event(changes, std::move(event));
  return said_changed(before, after);
}

void Merger::count_opt_outs(Counts& counts) {
  if (rules_.policy != UnsubscribedPolicy::topics) return;
  for (const InAudience& in : statements_.audiences) {
    if (in.unsubscribed && in.audience != no_audience) ++counts.opt_outs;
  }
}

bool Merger::merge_members(const ContactId& id, const Person& stored, ChangeSet& changes, Counts& counts) {
  bool joined = false;
  const auto join = [&](SegmentNumber segment) {
    if (holds(stored.segments, segment)) return;
    changes.joined.push_back({id, segment});
    joined = true;
  };
  for (const InAudience& in : statements_.audiences) {
    if (in.rows == 0) continue;
    counts.duplicates += in.rows - 1;
    if (rules_.import) continue;
    ++counts.memberships;
    join(rules_.audiences[in.audience].segment);
  }
  for (const SegmentNumber segment : rules_.import_segments) join(segment);
  return joined;
}

void Merger::merge_aliases(const Contact& contact, const Person& stored, ChangeSet& changes, Counts& counts,
                           const Details& details) {
  aliases_.clear();
  for (const PreparedRow* row : accepted_) {
    if (row->alias.size() > longest_alias)
      ++counts.aliases_too_long;
    else if (!row->alias.empty() && std::ranges::find(aliases_, row->alias) == aliases_.end())
      aliases_.push_back(row->alias);
  }
  for (const std::string_view alias : aliases_) {
    if (details.aliases != nullptr &&
        std::ranges::binary_search(details.claimed_twice, std::hash<std::string_view>()(alias))) {
      details.aliases->emplace_back(alias, contact.id);
    }
    if (details.conflicts != nullptr && details.alias_book != nullptr) {
      std::vector<std::string> others = details.alias_book->others(alias, contact.id);
      if (!others.empty()) {
        details.conflicts->push_back({contact.id, contact.email, "alias", "", std::string(alias), std::move(others)});
      }
    }
    if (std::ranges::binary_search(stored.aliases, alias)) continue;
    if (alias.size() == 36 && alias == to_string(contact.id)) continue;  // the id that the contact has anyway
    changes.aliases.push_back({std::string(alias), contact.id});
  }
}

void Merger::merge_strictly(const Speaker& speaker, const Person& stored) {
  strict_statements_.clear();
  strict_statements_.audiences = statements_.audiences;
  state_strictly(speaker, rules_, strict_statements_);
  merge_permission(strict_statements_, stored, rules_, strict_);
}

void Merger::judge_audiences(const Contact& contact, const Person& stored, Counts& counts, const Details& details) {
  if (counts.audiences.size() < rules_.audiences.size()) counts.audiences.resize(rules_.audiences.size());
  const bool also_strict = rules_.policy == UnsubscribedPolicy::topics;
  if (also_strict) merge_strictly(Speaker(contact.id, stored), stored);

  for (const InAudience& in : statements_.audiences) {
    if (in.rows == 0) continue;
    const AudienceTarget& target = rules_.audiences[in.audience];
    const Reason reason = judge(permission_.after, rules_.policy, target, rules_.now);
    const bool before = !in.unsubscribed;
    const bool after = receives(reason);
    const bool gains = !before && after && !raised_before(stored.permission, rules_.policy, target);
    const bool loses = before && !after;

    AudienceSums& sums = counts.audiences[in.audience];
    ++sums.members;
    sums.received_before += before ? 1 : 0;
    sums.receives_after += after ? 1 : 0;
    sums.gains += gains ? 1 : 0;
    sums.loses += loses ? 1 : 0;
    const Permission& strict = also_strict ? strict_.after : permission_.after;
    sums.receives_after_everything +=
        receives(judge(strict, UnsubscribedPolicy::everything, target, rules_.now)) ? 1 : 0;
    if (details.effects != nullptr && (gains || loses)) {
      details.effects->push_back({contact.id, contact.email, target.name, before, after, reason});
    }
  }
}

void Merger::count_verdicts(std::size_t rows, bool created, bool updated, Counts& counts) const {
  RowVerdict verdict = RowVerdict::unchanged;
  if (permission_.kept_opted_out > 0)
    verdict = RowVerdict::kept_opted_out;
  else if (permission_.kept_removed > 0)
    verdict = RowVerdict::kept_removed;
  else if (created)
    verdict = RowVerdict::created;
  else if (updated)
    verdict = RowVerdict::updated;
  ++counts.rows_by_verdict[static_cast<std::size_t>(verdict)];
  counts.rows_by_verdict[static_cast<std::size_t>(RowVerdict::duplicate)] += rows - 1;
}

}  // namespace mailroll::detail
