#include "jsonl_session.hpp"

#include <algorithm>
#include <tuple>

namespace jsonl {
namespace {

void copy_parts(const ContactId& id, const Held& from, const Parts& parts, Person& out) {
  out = Person{};
  out.id = id;
  if (parts.contact) out.contact = from.contact;
  if (parts.permission) {
    out.permission.standing = from.standing.value_or(Standing{});
    for (const auto& [topic, state] : from.choices) out.permission.choices.push_back({topic, state});
  }
  if (parts.segments) out.segments.assign(from.segments.begin(), from.segments.end());
  if (parts.events) out.events = values_of(from.events);
  if (parts.suppressions) out.suppressions = values_of(from.suppressions);
  if (parts.aliases) out.aliases.assign(from.aliases.begin(), from.aliases.end());
  if (parts.soft_bounces) out.soft_bounces.assign(from.soft_bounces.begin(), from.soft_bounces.end());
  if (parts.leases) out.leases = values_of(from.leases);
  if (parts.link_epoch) out.link_epoch = from.link_epoch.value_or(0);
}

void remove_bearer(TeamState& team, const Alias& alias) {
  const auto bearers = team.bearers.find(alias.text);
  if (bearers == team.bearers.end()) return;
  bearers->second.erase(alias.contact);
  if (bearers->second.empty()) team.bearers.erase(bearers);
}

/// The people of the range, in order; none where it is the wrong way round.
auto between(const TeamState& team, const IdRange& range) {
  const auto begin = team.people.lower_bound(range.first);
  return std::pair(begin, range.last < range.first ? begin : team.people.upper_bound(range.last));
}

}  // namespace

std::shared_ptr<const State> JsonlSession::state() const {
  if (writing_) return writing_;
  return reading_ ? reading_ : file_->committed();
}

std::shared_ptr<const TeamState> JsonlSession::team_of(TeamNumber team) const {
  const auto now = state();
  const auto found = now->teams.find(number_of(team));
  return found == now->teams.end() ? std::make_shared<const TeamState>() : found->second;
}

TeamState& JsonlSession::own(TeamNumber team) {
  auto& held = writing_->teams[number_of(team)];
  if (owned_.insert(team).second) held = held ? std::make_shared<TeamState>(*held) : std::make_shared<TeamState>();
  held->text.clear();
  return *held;
}

void JsonlSession::begin_read() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  reading_ = file_->committed();
}

void JsonlSession::begin_write() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  Descriptor lock = file_->lock();
  file_->tidy();
  writing_ = std::make_shared<State>(*file_->committed());
  lock_ = std::move(lock);
}

// Always durable: the bulk level may cost less, and need not.
void JsonlSession::commit(Durability) {
  if (!reading_ && !writing_) misuse("no transaction is open in this session");
  if (writing_) file_->replace(writing_);
  rollback();
}

void JsonlSession::rollback() noexcept {
  writing_.reset();
  owned_.clear();
  reading_.reset();
  lock_ = Descriptor();
}

std::vector<Team> JsonlSession::teams() {
  std::vector<Team> found;
  const auto now = state();
  for (const auto& [number, team] : now->teams) {
    if (team->record.team) found.push_back(*team->record.team);
  }
  return found;
}

Team JsonlSession::add_team(const Uuid& id, std::string_view name, Time at) {
  return changing([&] {
    std::int32_t highest = 0;
    for (const Team& team : teams()) {
      if (team.name == name) throw Error(ErrorKind::conflict, "there is a team of that name already");
      highest = std::max(highest, number_of(team.number));
    }
    Team added{TeamNumber{highest + 1}, id, std::string(name), at};
    own(added.number).record.team = added;
    return added;
  });
}

std::vector<StoredKey> JsonlSession::keys() { return values_of(state()->keys); }

void JsonlSession::put_key(const StoredKey& key) {
  changing([&] { writing_->keys[{key.kind, key.id}] = key; });
}

std::vector<Run> JsonlSession::runs(TeamNumber team) {
  std::vector<Run> open;
  std::vector<Run> finished;
  const auto in = team_of(team);
  for (const auto& [id, run] : in->record.runs) (run.finished_at ? finished : open).push_back(run);
  std::sort(finished.begin(), finished.end(),
            [](const Run& a, const Run& b) { return std::tie(*b.finished_at, b.id) < std::tie(*a.finished_at, a.id); });
  if (finished.size() > 100) finished.resize(100);
  open.insert(open.end(), finished.begin(), finished.end());
  std::sort(open.begin(), open.end(),
            [](const Run& a, const Run& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return open;
}

void JsonlSession::put_run(TeamNumber team, const Run& run) {
  changing([&] { own(team).record.runs[run.id] = run; });
}

std::int32_t JsonlSession::take_numbers(TeamNumber team, std::int32_t count) {
  return changing([&] {
    if (!team_of(team)->record.team) throw Error(ErrorKind::not_found, "there is no such team");
    std::int32_t& next = own(team).record.next_number;
    return std::exchange(next, next + count);
  });
}

std::map<std::string, std::string> JsonlSession::settings(TeamNumber team) { return team_of(team)->record.settings; }

void JsonlSession::put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) {
  changing([&] {
    auto& settings = own(team).record.settings;
    settings.erase(std::string(name));
    if (value) settings.emplace(name, *value);
  });
}

std::vector<Segment> JsonlSession::segments(TeamNumber team) { return values_of(team_of(team)->record.segments); }

void JsonlSession::put_segment(TeamNumber team, const Segment& segment) {
  changing([&] { own(team).record.segments[segment.number] = segment; });
}

void JsonlSession::remove_segment(TeamNumber team, SegmentNumber segment) {
  changing([&] {
    TeamRecord& in = own(team).record;
    in.segments.erase(segment);
    std::erase_if(in.audience_aliases, [&](const auto& entry) { return entry.second.segment == segment; });
  });
}

std::vector<Topic> JsonlSession::topics(TeamNumber team) { return values_of(team_of(team)->record.topics); }

void JsonlSession::put_topic(TeamNumber team, const Topic& topic) {
  changing([&] { own(team).record.topics[topic.number] = topic; });
}

void JsonlSession::remove_topic(TeamNumber team, TopicNumber topic) {
  changing([&] {
    TeamRecord& in = own(team).record;
    in.topics.erase(topic);
    for (auto& [text, alias] : in.audience_aliases) {
      if (alias.topic == topic) alias.topic = everything_scope;
    }
  });
}

std::vector<PropertyDefinition> JsonlSession::properties(TeamNumber team) {
  return values_of(team_of(team)->record.properties);
}

void JsonlSession::put_property(TeamNumber team, const PropertyDefinition& property) {
  changing([&] { own(team).record.properties[property.key] = property; });
}

void JsonlSession::remove_property(TeamNumber team, std::string_view key) {
  changing([&] { own(team).record.properties.erase(std::string(key)); });
}

std::vector<AudienceAlias> JsonlSession::audience_aliases(TeamNumber team) {
  return values_of(team_of(team)->record.audience_aliases);
}

void JsonlSession::put_audience_alias(TeamNumber team, const AudienceAlias& alias) {
  changing([&] { own(team).record.audience_aliases[alias.text] = alias; });
}

void JsonlSession::lock(TeamNumber, const ContactId&) {}  // begin_write excludes every other writer

Person JsonlSession::person(TeamNumber team, const ContactId& id, Parts parts) {
  Person found;
  found.id = id;
  const auto in = team_of(team);
  const auto at = in->people.find(id);
  if (at != in->people.end()) copy_parts(id, at->second, parts, found);
  return found;
}

void JsonlSession::people(TeamNumber team, const IdRange& range, Parts parts, std::size_t limit,
                          std::vector<Person>& out) {
  out.clear();
  const auto in = team_of(team);
  for (auto [at, end] = between(*in, range); at != end && out.size() < limit; ++at) {
    if (at->second.has(parts)) copy_parts(at->first, at->second, parts, out.emplace_back());
  }
}

std::vector<ContactId> JsonlSession::find_alias(TeamNumber team, std::string_view text) {
  const auto in = team_of(team);
  const auto found = in->bearers.find(std::string(text));
  if (found == in->bearers.end()) return {};
  return {found->second.begin(), found->second.end()};
}

// What is removed goes before what is added, so that one set of changes can move somebody.
void JsonlSession::write(TeamNumber team, const ChangeSet& changes) {
  changing([&] {
    TeamState& in = own(team);
    auto& people = in.people;
    for (const ContactId& id : changes.dropped) {
      for (const std::string& text : people[id].aliases) remove_bearer(in, {text, id});
      people.erase(id);
    }
    for (const ContactId& id : changes.removed_contacts) people[id].contact.reset();
    for (const Membership& left : changes.left) people[left.contact].segments.erase(left.segment);
    for (const auto& [id, reason] : changes.lifted_suppressions) people[id].suppressions.erase(reason);
    for (const Alias& alias : changes.removed_aliases) {
      people[alias.contact].aliases.erase(alias.text);
      remove_bearer(in, alias);
    }

    for (const Contact& contact : changes.contacts) people[contact.id].contact = contact;
    for (const Membership& joined : changes.joined) people[joined.contact].segments.insert(joined.segment);
    for (const ConsentEvent& event : changes.events) people[event.contact].events.emplace(event.id, event);
    for (const ConsentEvent& event : changes.redacted_events) {
      auto& events = people[event.contact].events;
      const auto known = events.find(event.id);
      if (known == events.end()) continue;
      known->second.evidence = event.evidence;
      known->second.reason = event.reason;
      known->second.source = event.source;
    }
    for (const PersonStanding& one : changes.standings) people[one.contact].standing = one.standing;
    for (const auto& [id, choice] : changes.choices) {
      people[id].choices.erase(choice.topic);
      if (choice.state != ScopeState{}) people[id].choices.emplace(choice.topic, choice.state);
    }
    for (const Suppression& one : changes.suppressions) people[one.contact].suppressions[one.reason] = one;
    for (const Alias& alias : changes.aliases) {
      people[alias.contact].aliases.insert(alias.text);
      in.bearers[alias.text].insert(alias.contact);
    }
    for (const ContactId& id : changes.cleared_soft_bounces) people[id].soft_bounces.clear();
    for (const SoftBounce& bounce : changes.soft_bounces) people[bounce.contact].soft_bounces.insert(bounce.at);
    for (const Lease& lease : changes.leases) people[lease.contact].leases[lease.broadcast] = lease;
    for (const auto& [id, epoch] : changes.link_epochs) people[id].link_epoch = epoch;
    for (const OutboxEntry& entry : changes.outbox) {
      in.record.outbox.emplace(std::pair(entry.contact, entry.event), entry.recorded_at);
    }
  });
}

std::size_t JsonlSession::remove_members(TeamNumber team, SegmentNumber segment, std::size_t limit) {
  return changing([&] {
    std::size_t gone = 0;
    for (auto& [id, held] : own(team).people) {
      if (gone == limit) break;
      gone += held.segments.erase(segment);
    }
    return gone;
  });
}

void JsonlSession::candidates(TeamNumber team, const CandidateQuery& query, std::vector<Candidate>& out) {
  out.clear();
  const auto in = team_of(team);
  auto [at, end] = between(*in, query.range);
  if (query.after && at != end && at->first <= *query.after) {
    at = query.range.last < *query.after ? end : in->people.upper_bound(*query.after);
  }
  for (; at != end && out.size() < query.limit; ++at) {
    const auto& [id, held] = *at;
    if (!held.contact || !held.segments.contains(query.segment)) continue;
    Candidate& found = out.emplace_back();
    found.id = id;
    if (query.with_profile) {
      found.email = held.contact->email;
      found.first_name = held.contact->first_name;
      found.last_name = held.contact->last_name;
    }
    if (held.standing) found.standing = for_decide(*held.standing);
    const auto choice = held.choices.find(query.topic);
    if (query.topic != everything_scope && choice != held.choices.end()) found.choice = for_decide(choice->second);
  }
}

TeamCounts JsonlSession::counts(TeamNumber team) {
  TeamCounts counts;
  const auto in = team_of(team);
  for (const auto& [id, held] : in->people) {
    counts.contacts += held.contact ? 1 : 0;
    counts.memberships += held.segments.size();
  }
  return counts;
}

std::uint64_t JsonlSession::count_members(TeamNumber team, SegmentNumber segment) {
  return count_people(team, [&](const Held& held) { return held.segments.contains(segment); });
}

std::uint64_t JsonlSession::count_contacts(TeamNumber team, std::int32_t hash_key) {
  return count_people(team, [&](const Held& held) { return held.contact && held.contact->hash_key == hash_key; });
}

std::uint64_t JsonlSession::count_choices(TeamNumber team, TopicNumber topic, Said said) {
  return count_people(team, [&](const Held& held) {
    const auto choice = held.choices.find(topic);
    return choice != held.choices.end() && choice->second.said == said;
  });
}

std::vector<Suppression> JsonlSession::suppressions(TeamNumber team, const std::optional<Suppression>& after,
                                                    std::size_t limit) {
  std::vector<Suppression> found;
  const auto in = team_of(team);
  for (const auto& [id, held] : in->people) {
    for (const auto& [reason, suppression] : held.suppressions) {
      if (after && std::tie(id, reason) <= std::tie(after->contact, after->reason)) continue;
      if (found.size() < limit) found.push_back(suppression);
    }
  }
  return found;
}

void JsonlSession::expect_bulk(bool) {}

// The file is written whole, so what was deleted went with the file before; a writer that was killed may have left a part of one.
bool JsonlSession::forget() {
  if (reading_ || writing_) misuse("a transaction is open already in this session");
  const Descriptor lock = file_->lock();
  file_->tidy();
  return true;
}

}  // namespace jsonl
