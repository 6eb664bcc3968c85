// The operations that only read.
#include <set>

#include "conformance/random_operations.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {

Parts RandomOperations::parts() {
  return {.contact = random_.chance(2),
          .permission = random_.chance(2),
          .segments = random_.chance(2),
          .events = random_.chance(2),
          .suppressions = random_.chance(2),
          .aliases = random_.chance(2),
          .soft_bounces = random_.chance(2),
          .leases = random_.chance(2),
          .link_epoch = random_.chance(2)};
}

IdRange RandomOperations::range() {
  if (random_.chance(3)) return {};
  return {random_.contact_id(), random_.contact_id()};  // often the wrong way round: nothing lies between
}

bool RandomOperations::read(BesideReference& pair) {
  team_ = static_cast<std::size_t>(random_.below(static_cast<int>(pair.store().teams.size())));
  switch (random_.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: return is_error(read_definitions(pair));
    case 5:
    case 6:
    case 7:
    case 8: return is_error(read_deliveries(pair));
    default: return is_error(read_people(pair));
  }
}

std::string RandomOperations::read_definitions(BesideReference& pair) {
  const auto of_team = [this](auto list) {
    return [this, list](Side& side) { return shown((side.session.get()->*list)(side.teams[team_])); };
  };
  switch (random_.below(7)) {
    case 0: return pair.same("runs", of_team(&Session::runs));
    case 1: return pair.same("segments", of_team(&Session::segments));
    case 2: return pair.same("topics", of_team(&Session::topics));
    case 3: return pair.same("properties", of_team(&Session::properties));
    case 4: return pair.same("audience_aliases", of_team(&Session::audience_aliases));
    case 5: return pair.same("broadcasts", of_team(&Session::broadcasts));
    default: return pair.same("settings", of_team(&Session::settings));
  }
}

std::string RandomOperations::read_people(BesideReference& pair) {
  const auto limit = static_cast<std::size_t>(random_.below(30));
  switch (random_.below(9)) {
    case 7: {
      std::set<ContactId> ids;
      for (auto count = random_.below(6); count > 0; --count) ids.insert(random_.contact_id());
      const std::vector<ContactId> named(ids.begin(), ids.end());
      const Parts asked = parts();
      return pair.same("people_of", [&](Side& side) {
        auto& people = people_[side.reference ? 0 : 1];
        side.session->people_of(side.teams[team_], named, asked, people);
        return shown(people);
      });
    }
    case 6: {
      const IdRange asked_range = range();
      return pair.same("people_columns", [&](Side& side) {
        auto& columns = columns_[side.reference ? 0 : 1];
        side.session->people_columns(side.teams[team_], asked_range, limit, columns);
        return shown(columns);
      });
    }
    case 0: {
      const ContactId id = random_.contact_id();
      const Parts asked = parts();
      return pair.same("person", [&](Side& side) { return shown(side.session->person(side.teams[team_], id, asked)); });
    }
    case 1: {
      const IdRange asked_range = range();
      const Parts asked = parts();
      return pair.same("people", [&](Side& side) {
        auto& people = people_[side.reference ? 0 : 1];  // used again, as callers do
        side.session->people(side.teams[team_], asked_range, asked, limit, people);
        return shown(people);
      });
    }
    case 2: {
      const std::string alias = random_.alias();
      return pair.same("find_alias",
                       [&](Side& side) { return shown(side.session->find_alias(side.teams[team_], alias)); });
    }
    case 3: {
      CandidateQuery query;
      query.segment = random_.segment();
      if (random_.chance(2)) query.topic = random_.topic();
      query.range = range();
      if (random_.chance(2)) query.after = random_.contact_id();
      query.limit = limit;
      query.with_profile = !random_.chance(4);
      return pair.same("candidates", [&](Side& side) {
        auto& candidates = candidates_[side.reference ? 0 : 1];
        side.session->candidates(side.teams[team_], query, candidates);
        return shown(candidates);
      });
    }
    case 4: {
      const SegmentNumber segment = random_.segment();
      return pair.same("counts", [&](Side& side) {
        const TeamNumber team = side.teams[team_];
        return shown(side.session->counts(team)) + " " + shown(side.session->count_members(team, segment)) + " " +
               shown(side.session->count_contacts(team, 2));
      });
    }
    case 5: {
      const TopicNumber topic = random_.topic();
      const Said word = static_cast<Said>(random_.below(4));
      return pair.same("count_choices",
                       [&](Side& side) { return shown(side.session->count_choices(side.teams[team_], topic, word)); });
    }
    default: {
      std::optional<Suppression> after;
      if (random_.chance(2)) after = Suppression{random_.contact_id(), random_.suppression_reason(), "", {}};
      return pair.same("suppressions",
                       [&](Side& side) { return shown(side.session->suppressions(side.teams[team_], after, limit)); });
    }
  }
}

std::string RandomOperations::read_deliveries(BesideReference& pair) {
  const auto limit = static_cast<std::size_t>(random_.below(20));
  switch (random_.below(6)) {
    case 0: {
      const BroadcastNumber broadcast = random_.broadcast_number();
      const LeaseState state = random_.lease_state();
      const Time expired_by = random_.chance(3) ? Time::max() : random_.time();
      std::optional<ContactId> after;
      if (random_.chance(2)) after = random_.contact_id();
      return pair.same("leases", [&](Side& side) {
        return shown(side.session->leases(side.teams[team_], broadcast, state, expired_by, after, limit));
      });
    }
    case 1: {
      const BroadcastNumber broadcast = random_.broadcast_number();
      const LeaseState state = random_.lease_state();
      return pair.same("count_leases", [&](Side& side) {
        const TeamNumber team = side.teams[team_];
        return shown(side.session->count_leases(team, broadcast)) + " " +
               shown(side.session->count_leases(team, broadcast, state));
      });
    }
    case 2: {
      const auto lease = random_.id<LeaseId>(random_.below(50));
      return pair.same("leases_of",
                       [&](Side& side) { return shown(side.session->leases_of(side.teams[team_], lease)); });
    }
    case 3: {
      const std::int64_t after = random_.below(60) - 5;
      return pair.same("feed", [&](Side& side) { return shown(side.session->feed(side.teams[team_], after, limit)); });
    }
    case 4: {
      const OutboxEntry made_up{random_.contact_id(), random_.id<EventId>(random_.below(500)), random_.time()};
      const bool from_start = random_.chance(3);
      return pair.same("outbox", [&](Side& side) {
        const TeamNumber team = side.teams[team_];
        const std::vector<OutboxEntry> page =
            side.session->outbox(team, from_start ? std::nullopt : std::optional(made_up), limit);
        // And the page behind, as whoever turns pages asks for it.
        return shown(page) + " " + (page.empty() ? "" : shown(side.session->outbox(team, page.back(), limit)));
      });
    }
    default: {
      const Time until = random_.chance(4) ? Time::max() : random_.time();
      std::optional<Expiry> after;
      if (random_.chance(2)) after = Expiry{random_.contact_id(), TopicNumber{random_.below(6)}, random_.time()};
      return pair.same("expiring", [&](Side& side) {
        return shown(side.session->expiring(side.teams[team_], until, after, limit));
      });
    }
  }
}

}  // namespace mailroll::conformance
