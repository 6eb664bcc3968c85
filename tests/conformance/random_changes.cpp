// The operations that change something.
#include "conformance/random_operations.hpp"
#include "conformance/shown.hpp"

namespace mailroll::conformance {

bool RandomOperations::change(BesideReference& pair) {
  team_ = static_cast<std::size_t>(random_.below(static_cast<int>(pair.store().teams.size())));
  switch (random_.below(12)) {
    case 0:
    case 1:
    case 2: return is_error(change_definitions(pair));
    case 3: return is_error(change_what_is_set(pair));
    case 4:
    case 5: return is_error(change_deliveries(pair));
    default: return is_error(change_people(pair));
  }
}

std::string RandomOperations::change_definitions(BesideReference& pair) {
  switch (random_.below(7)) {
    case 0: {
      const Segment segment{random_.id<SegmentId>(random_.below(50)),
                            random_.segment(),
                            random_.name(),
                            random_.time(),
                            random_.time(),
                            random_.below(2) == 0 ? std::string() : random_.name()};
      return pair.same_change("put_segment",
                              [&](Side& side) { side.session->put_segment(side.teams[team_], segment); });
    }
    case 1: {
      const SegmentNumber segment = random_.segment();
      return pair.same_change("remove_segment",
                              [&](Side& side) { side.session->remove_segment(side.teams[team_], segment); });
    }
    case 2: {
      const Topic topic{random_.id<TopicId>(random_.below(50)),
                        random_.topic(),
                        random_.name(),
                        random_.chance(2) ? "" : random_.name(),
                        random_.chance(2) ? Subscription::opt_in : Subscription::opt_out,
                        random_.chance(2) ? Visibility::public_ : Visibility::private_,
                        random_.chance(2) ? "" : "consent",
                        random_.time(),
                        random_.time()};
      return pair.same_change("put_topic", [&](Side& side) { side.session->put_topic(side.teams[team_], topic); });
    }
    case 3: {
      const TopicNumber topic = random_.topic();
      return pair.same_change("remove_topic",
                              [&](Side& side) { side.session->remove_topic(side.teams[team_], topic); });
    }
    case 4: {
      const PropertyDefinition property = random_.property();
      return pair.same_change("put_property",
                              [&](Side& side) { side.session->put_property(side.teams[team_], property); });
    }
    case 5: {
      const std::string key = random_.property().key;
      return pair.same_change("remove_property",
                              [&](Side& side) { side.session->remove_property(side.teams[team_], key); });
    }
    default: {
      const AudienceAlias alias{random_.name(), random_.segment(), TopicNumber{random_.below(5)}};
      return pair.same_change("put_audience_alias",
                              [&](Side& side) { side.session->put_audience_alias(side.teams[team_], alias); });
    }
  }
}

std::string RandomOperations::change_what_is_set(BesideReference& pair) {
  switch (random_.below(5)) {
    case 0: {
      std::string answer;
      for (int times = random_.chance(20) ? 120 : 1; times > 0 && !is_error(answer); --times) {
        const mailroll::Run run{random_.id<RunId>(random_.below(150)), random_.word(), random_.name(), random_.time(),
                                random_.maybe_time()};
        answer = pair.same_change("put_run", [&](Side& side) { side.session->put_run(side.teams[team_], run); });
      }
      return answer;
    }
    case 1: {
      const int count = 1 + random_.below(3);
      return pair.same("take_numbers",
                       [&](Side& side) { return shown(side.session->take_numbers(side.teams[team_], count)); });
    }
    case 2: {
      const bool begins = random_.chance(2);
      return pair.same_change("expect_bulk", [&](Side& side) { side.session->expect_bulk(begins); });
    }
    case 3: {
      if (!random_.chance(10)) return "";  // it may have to wait for a reader
      return pair.same_change("forget", [&](Side& side) { side.session->forget(); });
    }
    default: {
      const std::string name = random_.name();
      const std::optional<std::string> value = random_.chance(3) ? std::nullopt : std::optional(random_.text());
      return pair.same_change("put_setting",
                              [&](Side& side) { side.session->put_setting(side.teams[team_], name, value); });
    }
  }
}

std::string RandomOperations::change_deliveries(BesideReference& pair) {
  if (random_.chance(2)) {
    const Broadcast broadcast = random_.broadcast();
    return pair.same_change("put_broadcast",
                            [&](Side& side) { side.session->put_broadcast(side.teams[team_], broadcast); });
  }
  const auto limit = static_cast<std::size_t>(random_.below(12));
  return pair.same("publish", [&](Side& side) { return shown(side.session->publish(side.teams[team_], limit)); });
}

ChangeSet RandomOperations::of_newcomers(BesideReference& pair) {
  ChangeSet changes = random_.changes([&] { return random_.id<ContactId>(1000 + random_.below(1'000'000)); });
  changes.all_new = true;
  const auto had_rows = [&](const ContactId& id) {
    Side& side = pair.reference();
    std::vector<Person> found;
    side.session->people(side.teams[team_], {id, id}, Parts::all(), 1, found);
    return !found.empty();
  };
  const auto leave_out = [&](auto& rows) {
    std::erase_if(rows, [&](const auto& row) { return had_rows(row.contact); });
  };
  std::erase_if(changes.contacts, [&](const Contact& row) { return had_rows(row.id); });
  std::erase_if(changes.link_epochs, [&](const auto& row) { return had_rows(row.first); });
  leave_out(changes.joined);
  leave_out(changes.events);
  leave_out(changes.standings);
  leave_out(changes.choices);
  leave_out(changes.suppressions);
  leave_out(changes.aliases);
  leave_out(changes.leases);
  leave_out(changes.soft_bounces);
  return changes;
}

std::string RandomOperations::change_people(BesideReference& pair) {
  if (random_.chance(12)) {
    // In pieces, since which ones go first is not promised.
    const SegmentNumber segment = random_.segment();
    const auto limit = static_cast<std::size_t>(1 + random_.below(5));
    return pair.same("remove_members", [&](Side& side) {
      std::string pieces;
      for (std::size_t gone = limit; gone == limit; pieces += shown(gone) + " ") {
        gone = side.session->remove_members(side.teams[team_], segment, limit);
      }
      return pieces;
    });
  }
  const ChangeSet changes =
      random_.chance(5) ? of_newcomers(pair) : random_.changes([&] { return random_.contact_id(); });
  const ContactId locked = random_.contact_id();
  return pair.same_change("write", [&](Side& side) {
    side.session->lock(side.teams[team_], locked);
    side.session->write(side.teams[team_], changes);
  });
}

}  // namespace mailroll::conformance
