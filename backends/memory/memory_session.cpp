#include "memory/memory_session.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

void copy_parts(const ContactId& id, const MemoryPerson& from, const Parts& parts, Person& out) {
  out = Person{};
  out.id = id;
  if (parts.contact) out.contact = from.contact;
  if (parts.permission) {
    out.permission.standing = from.standing.value_or(Standing{});
    for (const auto& [topic, choice] : from.choices) out.permission.choices.push_back({topic, choice});
  }
  if (parts.segments) out.segments.assign(from.segments.begin(), from.segments.end());
  if (parts.events) out.events = values_of(from.events);
  if (parts.suppressions) out.suppressions = values_of(from.suppressions);
  if (parts.aliases) out.aliases.assign(from.aliases.begin(), from.aliases.end());
  if (parts.soft_bounces) out.soft_bounces.assign(from.soft_bounces.begin(), from.soft_bounces.end());
  if (parts.leases) out.leases = values_of(from.leases);
  if (parts.link_epoch) out.link_epoch = from.link_epoch.value_or(0);
}

}  // namespace

std::shared_ptr<const MemoryState> MemorySession::state() const {
  if (writing_) return writing_;
  return reading_ ? reading_ : states_->committed();
}

std::shared_ptr<const MemoryTeam> MemorySession::team_of(TeamNumber team) const {
  const auto now = state();
  const auto found = now->teams.find(number_of(team));
  if (found == now->teams.end()) return std::make_shared<const MemoryTeam>();
  return {now, &*found->second};
}

MemoryTeam& MemorySession::own(TeamNumber team) { return writing_->teams[number_of(team)].write(transaction_); }

MemoryPerson& MemorySession::own_person(MemoryTeam& team, const ContactId& id) const {
  return team.people[MemoryTeam::shard(id)].write(transaction_)[id];
}

void MemorySession::remove_alias(MemoryTeam& team, const Alias& alias) const {
  auto& shard = team.aliases[MemoryTeam::shard(alias.text)].write(transaction_);
  const auto bearers = shard.find(alias.text);
  if (bearers == shard.end()) return;
  bearers->second.erase(alias.contact);
  if (bearers->second.empty()) shard.erase(bearers);
}

void MemorySession::begin_read() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  reading_ = states_->committed();
}

void MemorySession::begin_write() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  std::tie(writing_, transaction_) = states_->begin_write();
}

void MemorySession::commit(Durability) {
  if (!reading_ && !writing_) misuse("no transaction is open in this session");
  if (writing_) states_->end_write(std::move(writing_));
  writing_.reset();
  reading_.reset();
}

void MemorySession::rollback() noexcept {
  if (writing_) states_->end_write(nullptr);
  writing_.reset();
  reading_.reset();
}

std::vector<Team> MemorySession::teams() {
  std::vector<Team> found;
  const auto now = state();  // a temporary would be gone before the loop's first turn
  for (const auto& [number, team] : now->teams) {
    if (team->team) found.push_back(*team->team);
  }
  return found;
}

Team MemorySession::add_team(const Uuid& id, std::string_view name, Time at) {
  return changing([&] {
    std::int32_t highest = 0;
    for (const Team& team : teams()) {
      if (team.name == name) throw Error(ErrorKind::conflict, "there is a team of that name already");
      highest = std::max(highest, number_of(team.number));
    }
    Team added{TeamNumber{highest + 1}, id, std::string(name), at};
    own(added.number).team = added;
    return added;
  });
}

std::vector<StoredKey> MemorySession::keys() { return values_of(state()->keys); }

void MemorySession::put_key(const StoredKey& key) {
  changing([&] { writing_->keys[{key.kind, key.id}] = key; });
}

std::vector<Run> MemorySession::runs(TeamNumber team) {
  std::vector<Run> open;
  std::vector<Run> finished;
  const auto in = team_of(team);
  for (const auto& [id, run] : in->runs) (run.finished_at ? finished : open).push_back(run);
  std::sort(finished.begin(), finished.end(),
            [](const Run& a, const Run& b) { return std::tie(*b.finished_at, b.id) < std::tie(*a.finished_at, a.id); });
  if (finished.size() > 100) finished.resize(100);
  open.insert(open.end(), finished.begin(), finished.end());
  std::sort(open.begin(), open.end(),
            [](const Run& a, const Run& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return open;
}

void MemorySession::put_run(TeamNumber team, const Run& run) {
  changing([&] { own(team).runs[run.id] = run; });
}

std::map<std::string, std::string> MemorySession::settings(TeamNumber team) { return team_of(team)->settings; }

void MemorySession::put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) {
  changing([&] {
    auto& settings = own(team).settings;
    if (value) {
      settings[std::string(name)] = *value;
    } else {
      settings.erase(std::string(name));
    }
  });
}

std::int32_t MemorySession::take_numbers(TeamNumber team, std::int32_t count) {
  return changing([&] {
    if (!team_of(team)->team) throw Error(ErrorKind::not_found, "there is no such team");
    std::int32_t& next = own(team).next_number;
    const std::int32_t first = next;
    next += count;
    return first;
  });
}

void MemorySession::lock(TeamNumber, const ContactId&) {}  // begin_write excludes every other writer

Person MemorySession::person(TeamNumber team, const ContactId& id, Parts parts) {
  Person found;
  found.id = id;
  const auto in = team_of(team);
  const auto& people = *in->people[MemoryTeam::shard(id)];
  const auto at = people.find(id);
  if (at != people.end()) copy_parts(id, at->second, parts, found);
  return found;
}

void MemorySession::people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit,
                           std::vector<Person>& out) {
  out.clear();
  team_of(team)->walk(range, [&](const ContactId& id, const MemoryPerson& person) {
    if (out.size() == limit) return false;
    if (person.has(parts)) copy_parts(id, person, parts, out.emplace_back());
    return true;
  });
}

std::vector<ContactId> MemorySession::find_alias(TeamNumber team, std::string_view text) {
  const auto in = team_of(team);
  const auto& aliases = *in->aliases[MemoryTeam::shard(text)];
  const auto found = aliases.find(std::string(text));
  if (found == aliases.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void MemorySession::write(TeamNumber team, const ChangeSet& changes) {
  changing([&] {
    MemoryTeam& in = own(team);
    for (const ContactId& id : changes.dropped) {
      for (const std::string& text : own_person(in, id).aliases) remove_alias(in, {text, id});
      own_person(in, id) = MemoryPerson{};
    }
    for (const ContactId& id : changes.removed_contacts) own_person(in, id).contact.reset();
    for (const Membership& left : changes.left) own_person(in, left.contact).segments.erase(left.segment);
    for (const auto& [id, reason] : changes.lifted_suppressions) own_person(in, id).suppressions.erase(reason);
    for (const Alias& alias : changes.removed_aliases) {
      own_person(in, alias.contact).aliases.erase(alias.text);
      remove_alias(in, alias);
    }

    for (const Contact& contact : changes.contacts) own_person(in, contact.id).contact = contact;
    for (const Membership& joined : changes.joined) own_person(in, joined.contact).segments.insert(joined.segment);
    for (const ConsentEvent& event : changes.events) own_person(in, event.contact).events.emplace(event.id, event);
    for (const ConsentEvent& event : changes.redacted_events) {
      auto& events = own_person(in, event.contact).events;
      const auto known = events.find(event.id);
      if (known == events.end()) continue;
      known->second.evidence = event.evidence;
      known->second.reason = event.reason;
      known->second.source = event.source;
    }
    for (const PersonStanding& standing : changes.standings) {
      own_person(in, standing.contact).standing = standing.standing;
    }
    for (const auto& [id, choice] : changes.choices) {
      auto& choices = own_person(in, id).choices;
      if (choice.state == ScopeState{}) {
        choices.erase(choice.topic);
      } else {
        choices[choice.topic] = choice.state;
      }
    }
    for (const Suppression& suppression : changes.suppressions) {
      own_person(in, suppression.contact).suppressions[suppression.reason] = suppression;
    }
    for (const Alias& alias : changes.aliases) {
      own_person(in, alias.contact).aliases.insert(alias.text);
      in.aliases[MemoryTeam::shard(alias.text)].write(transaction_)[alias.text].insert(alias.contact);
    }
    for (const ContactId& id : changes.cleared_soft_bounces) own_person(in, id).soft_bounces.clear();
    for (const SoftBounce& bounce : changes.soft_bounces) own_person(in, bounce.contact).soft_bounces.insert(bounce.at);
    for (const Lease& lease : changes.leases) own_person(in, lease.contact).leases[lease.broadcast] = lease;
    for (const auto& [id, epoch] : changes.link_epochs) own_person(in, id).link_epoch = epoch;
    for (const OutboxEntry& entry : changes.outbox) {
      in.outbox.emplace(std::pair(entry.contact, entry.event), entry.recorded_at);
    }
    in.changes.write(transaction_).note(changes, transaction_);
  });
}

std::size_t MemorySession::remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) {
  return changing([&] {
    std::vector<ContactId> members;
    team_of(team)->walk({}, [&](const ContactId& id, const MemoryPerson& person) {
      if (members.size() == limit) return false;
      if (person.segments.contains(segment)) members.push_back(id);
      return true;
    });
    ChangeSet changes;
    for (const ContactId& id : members) changes.left.push_back({id, segment});
    write(team, changes);
    return members.size();
  });
}

void MemorySession::candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) {
  out.clear();
  IdRange range = query.range;
  if (query.after && *query.after > range.first) range.first = *query.after;
  if (range.last < range.first) return;
  team_of(team)->walk(range, [&](const ContactId& id, const MemoryPerson& person) {
    if (out.size() == query.limit) return false;
    if (query.after && id <= *query.after) return true;
    if (!person.contact || !person.segments.contains(query.segment)) return true;
    Candidate& found = out.emplace_back();
    found.id = id;
    if (query.with_profile) {
      found.email = person.contact->email;
      found.first_name = person.contact->first_name;
      found.last_name = person.contact->last_name;
    }
    if (person.standing) found.standing = for_decide(*person.standing);
    const auto choice = person.choices.find(query.topic);
    if (query.topic != everything_scope && choice != person.choices.end()) found.choice = for_decide(choice->second);
    return true;
  });
}

TeamCounts MemorySession::counts(TeamNumber team) {
  TeamCounts counts;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    counts.contacts += person.contact ? 1 : 0;
    counts.memberships += person.segments.size();
    return true;
  });
  return counts;
}

std::uint64_t MemorySession::count_members(TeamNumber team, SegmentNumber segment) {
  std::uint64_t count = 0;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    count += person.segments.count(segment);
    return true;
  });
  return count;
}

std::uint64_t MemorySession::count_contacts(TeamNumber team, std::int32_t hash_key) {
  std::uint64_t count = 0;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    count += person.contact && person.contact->hash_key == hash_key ? 1 : 0;
    return true;
  });
  return count;
}

std::uint64_t MemorySession::count_choices(TeamNumber team, TopicNumber topic, Said said) {
  std::uint64_t count = 0;
  team_of(team)->walk({}, [&](const ContactId&, const MemoryPerson& person) {
    const auto choice = person.choices.find(topic);
    if (choice != person.choices.end() && choice->second.said == said) ++count;
    return true;
  });
  return count;
}

std::vector<Suppression> MemorySession::suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                                     std::size_t limit) {
  std::vector<Suppression> found;
  IdRange range;
  if (after) range.first = after->contact;
  team_of(team)->walk(range, [&](const ContactId& id, const MemoryPerson& person) {
    for (const auto& [reason, suppression] : person.suppressions) {
      if (after && std::tie(id, reason) <= std::tie(after->contact, after->reason)) continue;
      if (found.size() == limit) return false;
      found.push_back(suppression);
    }
    return true;
  });
  return found;
}

void MemorySession::expect_bulk(bool) {}

bool MemorySession::forget() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  return true;
}

}  // namespace mailroll::detail
