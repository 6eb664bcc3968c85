#include "transfer/pass.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>

#include "mailroll/error.hpp"
#include "store/lease_withdrawal.hpp"
#include "store/retired_ids.hpp"
#include "transfer/handover.hpp"
#include "transfer/pass_batch.hpp"
#include "transfer/stored_people.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t contacts_in_batch = 4096;
constexpr std::size_t contacts_in_chunk = 32768;
constexpr std::size_t batches_waiting = 3;
constexpr std::uint64_t few_of_stored = 16;  // below one in so many, asking one by one is faster than walking by

/// While this team's import writes, to the same contacts too.
bool others_write(const RollState& roll) { return roll.store->capabilities().contains(Capability::parallel_writers); }

}  // namespace

/// Loads and sorts on a thread of its own; and merges ahead while nothing is stored that could matter, or looks ahead at what is
/// stored where others write meanwhile anyway.
class Pass::Preparation {
 public:
  Preparation(const Pass& pass, const MergeRules& rules, const PassListener& listener, bool ahead, bool looking)
      : pass_(pass),
        rules_(rules),
        listener_(listener),
        ahead_(ahead),
        looking_(looking),
        batches_(batches_waiting),
        thread_([this] {
          try {
            prepare();
          } catch (...) {
            batches_.end();
            throw;
          }
          batches_.end();
        }) {}
  ~Preparation() { batches_.abandon(); }

  std::optional<Batch> take() {
    std::optional<Batch> batch = batches_.take();
    if (!batch) thread_.join();
    return batch;
  }
  void stop_merging_ahead() { ahead_ = false; }

 private:
  void prepare() {
    const Spool& spool = pass_.intake_.spool();
    Merger merger(rules_);
    GroupCursor cursor;
    const Person nobody;
    for (std::size_t partition = 0; partition < spool.partitions(); ++partition) {
      const auto rows = std::make_shared<const SortedRows>(spool, partition);
      for (std::size_t place = 0; place < rows->size();) {
        Batch batch;
        batch.rows = rows;
        batch.begin = place;
        batch.parts_done = partition + 1;
        if (ahead_) {
          merge_ahead(batch, merger, cursor, nobody);
        } else {
          batch.end = rows->skip(place, contacts_in_batch);
          if (looking_) looking_ = pass_.look_ahead(batch, rules_, listener_);
        }
        place = batch.end;
        if (!batches_.put(std::move(batch))) return;
      }
    }
  }

  void merge_ahead(Batch& batch, Merger& merger, GroupCursor& cursor, const Person& nobody) {
    batch.merged = true;
    const Details details = batch.details(listener_, pass_.aliases_ != nullptr, pass_.claimed_twice_);
    std::size_t place = batch.begin;
    for (std::size_t i = 0; i < contacts_in_batch && place < batch.rows->size(); ++i) {
      merger.merge(cursor.next(*batch.rows, place), nobody, batch.changes, batch.counts, details);
    }
    batch.end = place;
  }

  const Pass& pass_;
  const MergeRules& rules_;
  const PassListener& listener_;
  std::atomic<bool> ahead_;
  bool looking_;
  Handover<Batch> batches_;
  Companion thread_;  // last: it uses all the others
};

Counts Pass::look(const MergeRules& rules, const PassListener& listener, Pace& pace, std::uint64_t expected) {
  Counts counts;
  {
    Chunks chunks(roll_);
    counts = go(chunks, rules, listener, pace, expected);
  }
  if (!listener.effect && !listener.conflict) pace.tell("plan", counts.contacts, counts.contacts, true);
  return counts;
}

Counts Pass::write(Chunks& chunks, const MergeRules& rules, const PassListener& listener, Pace& pace,
                   std::uint64_t expected) {
  Counts counts = go(chunks, rules, listener, pace, expected);
  chunks.give_back();
  pace.tell("write", counts.contacts, counts.contacts, true);
  return counts;
}

Counts Pass::go(Chunks& chunks, const MergeRules& rules, const PassListener& listener, Pace& pace,
                std::uint64_t expected) {
  if (aliases_ != nullptr) claimed_twice_ = intake_.claimed_twice();
  check_key(chunks.session());
  const bool empty = StoredPeople::none(chunks.session(), roll_.team.number, IdRange{});
  few_ = !empty && intake_.rows() * few_of_stored < chunks.session().counts(roll_.team.number).contacts;

  const bool telling = listener.effect || listener.conflict;
  const std::uint64_t parts = intake_.spool().partitions();
  Counts counts;
  std::uint64_t in_chunk = 0;
  // Rows say nothing of ids under retired keys: there is no telling ahead whom they are about.
  const bool one_key = roll_.keys()->retired.empty();
  const bool looking = one_key && !empty && chunks.writing() && others_write(roll_);
  Preparation preparation(*this, rules, listener, one_key && empty, looking);
  std::deque<Batch> chunk;  // done in the transaction that is open: done again with it
  const auto do_batch = [&](Batch& batch) {
    Session& session = chunks.session();
    if (&batch == &chunk.front() && chunks.writing()) {
      check_key(session);
      check_targets(session, roll_.team.number, rules);
    }
    if (batch.merged && !StoredPeople::none(session, roll_.team.number, batch.range())) {
      preparation.stop_merging_ahead();
      batch.forget();
    }
    write_batch(chunks, batch, rules, listener);
  };
  // Runs `step`; where its transaction is lost, everything of the chunk is merged anew, with what is stored by then.
  const auto surely = [&](auto step) {
    Retries retries(roll_);
    for (bool anew = false;; anew = true) {
      try {
        if (anew) {
          preparation.stop_merging_ahead();
          for (Batch& batch : chunk) {
            batch.forget();
            do_batch(batch);
          }
        }
        step(anew);
        return;
      } catch (const Error& error) {
        if (!chunks.writing() || !retries.again(error)) throw;
        chunks.abandon();
      }
    }
  };
  while (std::optional<Batch> taken = preparation.take()) {
    const std::uint64_t parts_done = taken->parts_done;
    chunk.push_back(*std::move(taken));
    surely([&](bool anew) {
      if (!anew) do_batch(chunk.back());
    });
    in_chunk += chunk.back().counts.contacts + 1;
    const bool last = in_chunk >= contacts_in_chunk || telling;
    if (last) {
      surely([&](bool) { chunks.end(); });
      for (const Batch& batch : chunk) counts.add(batch.counts);
      const std::uint64_t estimate = std::max(counts.contacts, counts.contacts * parts / parts_done);
      pace.tell(chunks.writing() ? "write" : "plan", counts.contacts, expected != 0 ? expected : estimate);
    }
    const bool go_on = tell(chunk.back(), listener);
    if (last) {
      chunk.clear();
      in_chunk = 0;
    }
    if (!go_on) break;
  }
  if (chunks.writing()) surely([&](bool) { chunks.finish(); });
  for (const Batch& batch : chunk) counts.add(batch.counts);
  return counts;
}

/// Writes what the batch comes to, which is found out first unless it was merged ahead.
void Pass::write_batch(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener) {
  Session& session = chunks.session();
  batch.changes.all_new = batch.merged;
  if (!batch.merged) merge_locked(chunks, batch, rules, listener);
  if (aliases_ != nullptr) note_aliases(session, batch);
  if (chunks.writing() && !batch.changes.empty()) {
    chunks.changing();
    session.write(roll_.team.number, batch.changes);
    if (!batch.merged) withdraw(session, batch, rules.now);
  }
  batch.changes = {};  // the batch is kept until its chunk is committed, and would be merged again
  batch.aliases = {};
}

/// Where others write at the same time, whoever is to be changed is locked before they are read for it; whoever is not to be
/// changed is in nobody's way. An input that brings little new so locks few, and reads few again.
void Pass::merge_locked(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener) {
  if (!chunks.writing() || !others_write(roll_)) {
    merge_against(chunks, batch, rules, listener, nullptr);
  } else if (!roll_.keys()->retired.empty()) {
    batch.forget();
    chunks.session().lock_all(roll_.team.number, batch.ids());
    merge_against(chunks, batch, rules, listener, nullptr);
  } else {
    if (!batch.to_change) batch.to_change = look_at(chunks.session(), batch, rules, listener);
    if (batch.to_change->empty()) return;
    chunks.session().lock_all(roll_.team.number, *batch.to_change);
    merge_against(chunks, batch, rules, listener, &*batch.to_change);
  }
}

/// On the thread that prepares, with a session of its own where one is free: it is kept from nobody longer than for one batch.
/// False where that failed: it is done, and fails, in the transaction that writes.
bool Pass::look_ahead(Batch& batch, const MergeRules& rules, const PassListener& listener) const {
  try {
    const std::optional<PooledSession> session = roll_.session_if_free();
    if (session) batch.to_change = look_at(**session, batch, rules, listener);
    return true;
  } catch (const Error&) {
    batch.forget();
    return false;
  }
}

/// Counts and tells what is to be of those whom the batch does not change; the answer is whom it does.
std::vector<ContactId> Pass::look_at(Session& session, Batch& batch, const MergeRules& rules,
                                     const PassListener& listener) const {
  std::vector<ContactId> to_change;
  ChangeSet changes;
  Merger merger(rules);
  GroupCursor cursor;
  StoredPeople stored(session, roll_.team.number, batch.range(), few_);
  const Details details = batch.details(listener, aliases_ != nullptr, claimed_twice_);
  for (std::size_t place = batch.begin; place < batch.end;) {
    const ContactId id = batch.rows->id(place);
    const Person& person = stored.find(id);
    const Batch::Told told(batch);
    Counts counts;
    merger.merge(cursor.next(*batch.rows, place), person, changes, counts, details);
    if (changes.empty()) {
      batch.counts.add(counts);
      continue;
    }
    to_change.push_back(id);
    changes.clear();
    told.take_back_later(batch);
  }
  return to_change;
}

/// `locked`: of whom alone; null: of everybody.
void Pass::merge_against(Chunks& chunks, Batch& batch, const MergeRules& rules, const PassListener& listener,
                         const std::vector<ContactId>* locked) {
  Merger merger(rules);
  GroupCursor cursor;
  const bool few = locked != nullptr && locked->size() * few_of_stored < batch.end - batch.begin;
  StoredPeople stored(chunks.session(), roll_.team.number, batch.range(), few_ || few);
  const std::shared_ptr<const OpenKeys> keys = roll_.keys();
  const Details details = batch.details(listener, aliases_ != nullptr, claimed_twice_);
  for (std::size_t place = batch.begin; place < batch.end;) {
    const ContactId id = batch.rows->id(place);
    if (locked != nullptr && !std::ranges::binary_search(*locked, id)) {
      place = batch.rows->skip(place, 1);
      continue;
    }
    const Person& person = stored.find(id);
    const std::span<const PreparedRow> rows = cursor.next(*batch.rows, place);
    std::optional<Person> whole;
    if (!keys->retired.empty() && !person.contact) {
      whole = with_retired_ids(chunks, *keys, rows.front(), person, batch.changes);
    }
    merger.merge(rows, whole ? *whole : person, batch.changes, batch.counts, details);
  }
}

/// Whom the input takes out must not stay in a mailer's hands. Who is new in the store is in nobody's.
void Pass::withdraw(Session& session, const Batch& batch, Time now) const {
  if (batch.changes.outbox.empty() || session.broadcasts(roll_.team.number).empty()) return;
  withdraw_leases(session, roll_.team.number, now, batch.changes.outbox);
}

/// Whom the row is about, who has no profile under its id: with all that is held under ids of retired keys, which from now
/// on, where chunks are written, lead to that id.
Person Pass::with_retired_ids(Chunks& chunks, const OpenKeys& keys, const PreparedRow& row, const Person& stored,
                              ChangeSet& changes) const {
  const EmailAddress address(row.delivery);
  const TeamNumber team = roll_.team.number;
  Session& session = chunks.session();
  std::function<void(const ChangeSet&)> write;
  if (chunks.writing()) {
    write = [&](const ChangeSet& moves) {
      chunks.changing();
      session.write(team, moves);
    };
  }
  const std::optional<Person> adopted = adopt(session, team, keys, address, row.id, write);
  Person person = adopted ? *adopted : stored;
  if (!chunks.writing()) return person;
  for (Alias& alias : aliases_of_retired_ids(session, team, keys, address, row.id)) {
    person.aliases.insert(std::ranges::upper_bound(person.aliases, alias.text), alias.text);
    changes.aliases.push_back(std::move(alias));
  }
  return person;
}

void Pass::check_key(Session& session) const {
  roll_.reload_keys(session);
  if (roll_.keys()->signing.key.id == intake_.hash_key()) return;
  throw Error(ErrorKind::conflict, "the hash key was changed since this input was read; read the same input again",
              {{"reason", "key_changed"}});
}

void Pass::note_aliases(Session& session, const Batch& batch) {
  for (const auto& [alias, contact] : batch.aliases) aliases_->add(alias, contact);
  if (batch.merged) return;
  for (const Alias& alias : batch.changes.aliases) {
    for (const ContactId& other : session.find_alias(roll_.team.number, alias.text)) {
      if (other == alias.contact) continue;
      aliases_->add(alias.text, other);
      aliases_->add(alias.text, alias.contact);
    }
  }
}

bool Pass::tell(const Batch& batch, const PassListener& listener) const {
  for (const PreparedRow& row : batch.erased) listener.erased(row);
  return std::ranges::all_of(batch.effects, [&](const Effect& effect) { return listener.effect(effect); }) &&
         std::ranges::all_of(batch.conflicts, [&](const Conflict& conflict) { return listener.conflict(conflict); });
}

}  // namespace mailroll::detail
