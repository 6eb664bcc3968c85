#include "memory/memory_changes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mailroll::detail {

namespace {

/// Of more contacts only the range of their ids is noted: a load would otherwise be in memory twice.
constexpr std::size_t most_contacts = 1000;

std::vector<PersonChange> changes_of(const ChangeSet& set) {
  using Kind = PersonChange::Kind;
  std::vector<PersonChange> changes;
  const auto add = [&](const ContactId& contact, Kind kind, std::int32_t number, bool present) -> PersonChange& {
    PersonChange& change = changes.emplace_back();
    change.contact = contact;
    change.kind = kind;
    change.number = number;
    change.present = present;
    return change;
  };
  for (const ContactId& contact : set.dropped) add(contact, Kind::read_again, 0, true).last = contact;
  for (const ContactId& contact : set.removed_contacts) add(contact, Kind::profile, 0, false);
  for (const Contact& contact : set.contacts) add(contact.id, Kind::profile, 0, true);
  for (const Membership& left : set.left) add(left.contact, Kind::membership, number_of(left.segment), false);
  for (const Membership& joined : set.joined) add(joined.contact, Kind::membership, number_of(joined.segment), true);
  for (const auto& [contact, standing] : set.standings) {
    add(contact, Kind::standing, 0, true).standing = for_decide(standing);
  }
  for (const auto& [contact, choice] : set.choices) {
    add(contact, Kind::choice, number_of(choice.topic), true).choice = for_decide(choice.state);
  }
  return changes;
}

}  // namespace

void MemoryChanges::note(const ChangeSet& set, std::uint64_t transaction) {
  const std::vector<PersonChange> changes = changes_of(set);
  std::vector<ContactId> contacts;
  contacts.reserve(changes.size());
  for (const PersonChange& change : changes) contacts.push_back(change.contact);
  std::ranges::sort(contacts);
  contacts.erase(std::ranges::unique(contacts).begin(), contacts.end());
  if (contacts.size() > most_contacts) {
    PersonChange all;
    all.contact = contacts.front();
    all.last = contacts.back();
    take_back({.first = all.contact, .last = all.last}, transaction);
    note(all, transaction);
    return;
  }
  for (const ContactId& contact : set.dropped) take_back({.first = contact, .last = contact}, transaction);
  for (const PersonChange& change : changes) note(change, transaction);
}

void MemoryChanges::take_back(const IdRange& range, std::uint64_t transaction) {
  for (std::size_t at = range.first.bytes[0]; at <= range.last.bytes[0]; ++at) {
    if (shards_[at]->waiting.empty()) continue;
    auto& waiting = shards_[at].write(transaction).waiting;
    for (auto change = waiting.lower_bound(Key{range.first, {}, 0}); change != waiting.end();) {
      if (change->second.contact > range.last) break;
      change = change->second.kind == PersonChange::Kind::read_again ? std::next(change) : waiting.erase(change);
    }
  }
}

void MemoryChanges::note(const PersonChange& change, std::uint64_t transaction) {
  auto& waiting = shards_[shard_of(change)].write(transaction).waiting;
  const auto [at, is_new] = waiting.emplace(key_of(change), change);
  if (is_new) return;
  const ContactId last = std::max(at->second.last, change.last);  // of two ranges from one id on, the longer holds both
  at->second = change;
  at->second.last = last;
}

std::size_t MemoryChanges::publish(std::size_t limit, std::uint64_t transaction) {
  Batch batch;
  for (Shared<Shard>& shared : shards_) {
    if (batch.size() == limit) break;
    if (shared->waiting.empty()) continue;
    Shard& shard = shared.write(transaction);
    while (!shard.waiting.empty() && batch.size() < limit) {
      auto next = shard.waiting.extract(shard.waiting.begin());
      PersonChange& change = batch.emplace_back(next.mapped());
      change.position = ++bounds_.newest;
      const auto [known, is_new] = shard.positions.emplace(next.key(), change.position);
      if (is_new) continue;
      if (change.kind == PersonChange::Kind::read_again) {
        walk(known->second - 1, [&](const PersonChange& older) {
          change.last = std::max(change.last, older.last);
          return false;
        });
      }
      known->second = change.position;
    }
  }
  const std::size_t published = batch.size();
  if (published > 0) batches_.push_back(std::make_shared<const Batch>(std::move(batch)));
  return published;
}

bool MemoryChanges::counts(const PersonChange& change) const {
  const auto& positions = shards_[shard_of(change)]->positions;
  const auto last = positions.find(key_of(change));
  return last != positions.end() && last->second == change.position;
}

template <typename Visit>
void MemoryChanges::walk(std::int64_t after, Visit&& visit) const {
  const auto ends_before = [&](const std::shared_ptr<const Batch>& batch) { return batch->back().position <= after; };
  for (auto batch = std::ranges::partition_point(batches_, ends_before); batch != batches_.end(); ++batch) {
    for (auto at = std::ranges::upper_bound(**batch, after, {}, &PersonChange::position); at != (*batch)->end(); ++at) {
      if (counts(*at) && !visit(*at)) return;
    }
  }
}

void MemoryChanges::read(std::int64_t after, std::size_t limit, std::vector<PersonChange>& out) const {
  out.clear();
  if (limit == 0) return;
  walk(std::max(after, bounds_.forgotten), [&](const PersonChange& change) {
    out.push_back(change);
    return out.size() < limit;
  });
}

std::size_t MemoryChanges::forget(std::int64_t up_to, std::size_t limit, std::uint64_t transaction) {
  std::vector<PersonChange> doomed;
  read(0, limit, doomed);
  std::erase_if(doomed, [&](const PersonChange& change) { return change.position > up_to; });
  for (const PersonChange& change : doomed) {
    shards_[shard_of(change)].write(transaction).positions.erase(key_of(change));
  }
  const bool all = doomed.size() < limit;
  const std::int64_t reached = all ? std::min(up_to, bounds_.newest) : doomed.empty() ? 0 : doomed.back().position;
  bounds_.forgotten = std::max(bounds_.forgotten, reached);
  std::erase_if(batches_,
                [&](const std::shared_ptr<const Batch>& batch) { return batch->back().position <= bounds_.forgotten; });
  return doomed.size();
}

}  // namespace mailroll::detail
