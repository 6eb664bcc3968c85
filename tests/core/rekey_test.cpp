// Re-keying: everybody comes to their new id with all they have, and nobody gains or loses a mail by it.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "keys_world.hpp"
#include "mailroll/consent/fold.hpp"
#include "mailroll/mailroll.hpp"
#include "mailroll/store/registry.hpp"
#include "old_audiences.hpp"

namespace mailroll::testing {
namespace {

class RekeyTest : public KeysWorld, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override { use(GetParam()); }
};

TEST_P(RekeyTest, everybody_comes_to_the_new_key_with_all_they_have) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Segment all = roll.segments().create("All");
  const Contact ada = roll.contacts().add({.email = "ada@example.com", .first_name = "Ada", .segments = {all}});
  const Contact bob = roll.contacts().add({.email = "bob@example.com"});
  roll.unsubscribe("ada@example.com", news);
  roll.suppressions().add("bob@example.com", SuppressionReason::bounce);
  const std::vector<ConsentEvent> said = roll.events().list("ada@example.com");
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(roll.check().to_rekey, 2U);

  const RekeyReport report = roll.keys().rekey();
  EXPECT_EQ(report.looked_at, 2U);
  EXPECT_EQ(report.moved, 2U);
  EXPECT_EQ(report.collisions, 0U);
  EXPECT_EQ(report.without_address, 0U);
  const Contact moved = roll.contacts().get("ada@example.com");
  EXPECT_NE(moved.id, ada.id);
  EXPECT_EQ(moved.hash_key, 2);
  EXPECT_EQ(moved.first_name, "Ada");
  EXPECT_EQ(moved.created_at, ada.created_at);
  EXPECT_EQ(roll.contacts().get(ada.id).id, moved.id);
  EXPECT_EQ(roll.explain("ada@example.com", news, all).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.explain(bob.id, news).reason, Reason::suppressed_bounce);
  ASSERT_EQ(roll.events().list("ada@example.com").size(), said.size());
  EXPECT_EQ(roll.events().list("ada@example.com")[0].id, said[0].id);
  EXPECT_EQ(roll.suppressions().list({}, 10).at(0).contact, roll.contacts().get("bob@example.com").id);
  EXPECT_EQ(roll.usage().global, 2U);
  const CheckReport check = roll.check();
  EXPECT_TRUE(check.ok());
  EXPECT_EQ(check.to_rekey, 0U);
  EXPECT_EQ(roll.keys().list()[0].people, 0U);

  const RekeyReport again = roll.keys().rekey();
  EXPECT_EQ(again.looked_at, 0U) << "what is done is done";
}

TEST_P(RekeyTest, a_suppressed_address_without_a_contact_moves_too) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Suppression before = roll.suppressions().add("ada@example.com", SuppressionReason::complaint);
  roll.keys().add(KeyKind::hash);
  const RekeyReport report = roll.keys().rekey();
  EXPECT_EQ(report.moved, 1U);
  EXPECT_EQ(report.without_address, 0U);
  const Suppression after = roll.suppressions().list({}, 10).at(0);
  EXPECT_NE(after.contact, before.contact);
  EXPECT_EQ(after.email, "ada@example.com");
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::suppressed_complaint);
}

TEST_P(RekeyTest, ids_without_an_address_stay_and_are_still_found) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com"});
  roll.unsubscribe("ada@example.com", news);
  const ContactId id = roll.contacts().get("ada@example.com").id;
  roll.contacts().remove("ada@example.com");
  for (int turn = 0; turn < 3; ++turn) {
    roll.keys().add(KeyKind::hash);
    const RekeyReport report = roll.keys().rekey();
    EXPECT_EQ(report.moved, 0U);
    EXPECT_EQ(report.without_address, 1U);
    EXPECT_EQ(roll.explain("ada@example.com", news).id, id);
  }
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_NE(roll.contacts().get("ada@example.com").id, id);
}

TEST_P(RekeyTest, a_rekey_that_was_stopped_shows_and_goes_on) {
  constexpr int people = 3500;
  Roll roll = open_roll();
  const Segment all = roll.segments().create("All");
  std::string file = "email\n";
  for (int i = 0; i < people; ++i) file += "p" + std::to_string(i) + "@example.com\n";
  roll.contacts().import_file(write_file("in.csv", file), {.segments = {"All"}}).apply();
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(reason_of([&] { roll.keys().rekey([](const Progress& at) { return at.phase != "rekey"; }); }),
            "cancelled:cancelled");
  const std::uint64_t left = roll.keys().list()[0].people;
  EXPECT_GT(left, 0U);
  EXPECT_LT(left, static_cast<std::uint64_t>(people)) << "what is committed stays";
  ASSERT_EQ(roll.check().unfinished_runs.size(), 1U);
  EXPECT_EQ(roll.check().unfinished_runs[0].substr(0, 5), "rekey");
  EXPECT_TRUE(roll.audience(all, no_topic).count().incomplete);
  EXPECT_EQ(roll.audience(all, no_topic).count().members, static_cast<std::uint64_t>(people));

  std::uint64_t last = 0;
  const RekeyReport report = roll.keys().rekey([&](const Progress& at) {
    EXPECT_GE(at.done, last);
    EXPECT_LE(at.done, at.total);
    last = at.done;
    return true;
  });
  EXPECT_EQ(last, static_cast<std::uint64_t>(people));
  EXPECT_EQ(report.moved, left);
  EXPECT_EQ(roll.keys().list()[0].people, 0U);
  EXPECT_TRUE(roll.check().ok());
  EXPECT_EQ(roll.usage().global, static_cast<std::uint64_t>(people));
  EXPECT_FALSE(roll.audience(all, no_topic).count().incomplete);
}

INSTANTIATE_TEST_SUITE_P(stores, RekeyTest, ::testing::Values("memory", "sqlite"),
                         [](const auto& info) { return info.param; });

/// What is written behind the roll's back, as another process or another Unicode version would have left it.
class OtherHandTest : public KeysWorld {
 protected:
  void SetUp() override { use("sqlite"); }

  template <typename Act>
  void behind_the_back(Act act) {
    const std::shared_ptr<Store> store = open_store(url());
    const std::unique_ptr<Session> session = store->connect();
    session->begin_write();
    act(*session);
    session->commit();
  }
  /// The id that an address has of another reading of its letters, under the key that signs.
  ContactId id_of_key(Session& session, const Roll& roll, const std::string& address_key) {
    for (const StoredKey& key : session.keys()) {
      if (key.kind != KeyKind::hash || key.state != KeyState::signing) continue;
      return ContactIdHash({key.id, *key.secret}, roll.team().id)(address_key);
    }
    return {};
  }
  Contact contact_of_another_version(Session& session, const Roll& roll, const std::string& email,
                                     const std::string& address_key) {
    Contact contact;
    contact.id = id_of_key(session, roll, address_key);
    contact.email = email;
    contact.created_at = contact.updated_at = now();
    contact.key_version = address_key_version() - 1;
    contact.hash_key = 1;
    return contact;
  }
  void write_opt_out(Session& session, const Roll& roll, const ContactId& contact, TopicNumber topic) {
    ConsentEvent event;
    event.id = EventId(make_uuid_v7(now()));
    event.contact = contact;
    event.topic = topic;
    event.action = Action::opt_out;
    event.actor = Actor::person;
    event.channel = Channel::page;
    event.at = event.recorded_at = now();
    const Permission after = fold(std::vector<ConsentEvent>{event});
    ChangeSet changes;
    changes.events.push_back(event);
    changes.standings.push_back({contact, after.standing});
    for (const Choice& choice : after.choices) changes.choices.push_back({contact, choice});
    session.write(roll.team().number, changes);
  }
};

TEST_F(OtherHandTest, a_contact_of_another_unicode_version_is_found_after_a_rekey) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  ContactId old;
  behind_the_back([&](Session& session) {
    ChangeSet changes;
    const Contact contact =
        contact_of_another_version(session, roll, "Ärin@example.com", "another reading@example.com");
    old = contact.id;
    changes.contacts.push_back(contact);
    changes.contacts.push_back(contact_of_another_version(session, roll, "ada@example.com", "ada@example.com"));
    session.write(roll.team().number, changes);
    write_opt_out(session, roll, contact.id, news.number);
  });
  EXPECT_FALSE(roll.contacts().find("ärin@example.com"));
  EXPECT_EQ(roll.check().to_rekey, 2U);
  const RekeyReport report = roll.keys().rekey();
  EXPECT_EQ(report.looked_at, 2U);
  EXPECT_EQ(report.moved, 1U) << "the other's id is the same under both versions";
  EXPECT_EQ(roll.contacts().get("ada@example.com").key_version, address_key_version());
  EXPECT_EQ(roll.explain("ärin@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.contacts().get(old).email, "Ärin@example.com");
  EXPECT_EQ(roll.check().to_rekey, 0U);
  EXPECT_TRUE(roll.check().ok());
}

TEST_F(OtherHandTest, a_contact_whose_new_id_is_taken_is_counted_and_left_as_it_is) {
  Roll roll = open_roll();
  const Contact there = roll.contacts().add({.email = "ädä@example.com"});
  ContactId old;
  behind_the_back([&](Session& session) {
    ChangeSet changes;
    changes.contacts.push_back(contact_of_another_version(session, roll, "ÄDÄ@example.com", "ÄDÄ@example.com"));
    old = changes.contacts.front().id;
    session.write(roll.team().number, changes);
  });
  const RekeyReport report = roll.keys().rekey();
  EXPECT_EQ(report.looked_at, 1U);
  EXPECT_EQ(report.moved, 0U);
  EXPECT_EQ(report.collisions, 1U);
  ASSERT_EQ(report.collided.size(), 1U);
  EXPECT_EQ(report.collided[0], std::pair(to_string(old), to_string(there.id)));
  EXPECT_EQ(roll.contacts().get(old).email, "ÄDÄ@example.com");
  EXPECT_EQ(roll.usage().global, 2U);
}

TEST_F(OtherHandTest, two_that_come_to_one_id_in_one_chunk_are_a_collision_too) {
  Roll roll = open_roll();
  behind_the_back([&](Session& session) {
    ChangeSet changes;
    for (const char* key : {"one reading", "another reading"}) {
      changes.contacts.push_back(contact_of_another_version(session, roll, "ädä@example.com", key));
    }
    session.write(roll.team().number, changes);
  });
  const RekeyReport report = roll.keys().rekey();
  EXPECT_EQ(report.moved, 1U);
  EXPECT_EQ(report.collisions, 1U);
  EXPECT_EQ(roll.usage().global, 2U) << "nobody is lost";
}

TEST_F(OtherHandTest, what_was_said_under_the_new_id_already_is_kept_beside_what_comes) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Topic beta = roll.topics().create({.name = "Beta", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com"});
  roll.unsubscribe("ada@example.com", news);
  roll.keys().add(KeyKind::hash);
  behind_the_back([&](Session& session) {
    write_opt_out(session, roll, id_of_key(session, roll, "ada@example.com"), beta.number);
    ChangeSet changes;
    changes.leases.push_back({.contact = roll.contacts().get("ada@example.com").id,
                              .broadcast = BroadcastNumber{1},
                              .state = LeaseState::leased,
                              .lease = LeaseId(make_uuid_v7(now())),
                              .worker = "mailer",
                              .expires_at = now() + std::chrono::hours(1),
                              .changed_at = now()});
    session.write(roll.team().number, changes);
  });
  EXPECT_EQ(roll.keys().rekey().moved, 1U);
  behind_the_back([&](Session& session) {
    const Person ada = session.person(roll.team().number, roll.contacts().get("ada@example.com").id, {.leases = true});
    ASSERT_EQ(ada.leases.size(), 1U);
    EXPECT_EQ(ada.leases[0].state, LeaseState::withdrawn) << "she has left it, perhaps";
  });
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.explain("ada@example.com", beta).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.events().list("ada@example.com").size(), 2U);
  EXPECT_TRUE(roll.check().ok());
}

/// Random lives: who may get what, and everything that was ever said, before and after.
class RandomRekeyTest : public KeysWorld, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override { use(GetParam()); }

  static constexpr int people = 40;

  static void live(Roll& roll, Dice& dice, const std::vector<Topic>& topics) {
    const std::string email = person_email(dice.below(people));
    const Topic& topic = topics[static_cast<std::size_t>(dice.below(static_cast<int>(topics.size())))];
    PermissionOptions told{.by = Actor::person};
    told.evidence.note = "phoned";
    try {
      switch (dice.below(14)) {
        case 0: roll.contacts().add({.email = email, .first_name = "Live"}); break;
        case 1: roll.contacts().remove(email); break;
        case 2: roll.unsubscribe(email, everything, told); break;
        case 3: roll.unsubscribe(email, topic); break;
        case 4: roll.resubscribe(email, everything); break;
        case 5: roll.suppressions().add(email, SuppressionReason::bounce); break;
        case 6: roll.unsubscribe(email, topic, told); break;
        case 7: roll.suppressions().remove(email); break;
        case 8: roll.contacts().change_address(email, person_email(dice.below(people))); break;
        case 9: roll.contacts().merge(email, person_email(dice.below(people))); break;
        case 10:
          if (dice.below(4) == 0) roll.contacts().erase(email, "asked");
          break;
        default: roll.subscribe(email, topic); break;
      }
    } catch (const Error& error) {
      const bool expected = error.kind() == ErrorKind::refused || error.kind() == ErrorKind::not_found ||
                            error.kind() == ErrorKind::conflict;
      if (!expected) throw;
    }
  }

  struct Seen {
    Reason reason{};
    std::string email;
    EventId event;
    bool operator==(const Seen&) const = default;
  };
  /// About every address, and every id that somebody has ever had.
  std::map<std::pair<std::string, std::string>, Seen> verdicts(const Roll& roll, const std::vector<Topic>& topics) {
    std::map<std::pair<std::string, std::string>, Seen> all;
    const auto see_all = [&](const std::string& who) {
      const auto see = [&](const std::string& what, const Verdict& verdict) {
        all[{who, what}] = {verdict.reason, verdict.email, verdict.event ? verdict.event->id : EventId{}};
      };
      const std::string failed = reason_of([&] {
        for (const Topic& topic : topics) see(topic.name, roll.explain(who, topic));
        see("no topic", roll.explain(who, no_topic));
        see("transactional", roll.explain_transactional(who));
      });
      all[{who, failed}] = {};
    };
    for (int person = 0; person < people; ++person) see_all(person_email(person));
    for (const ContactId& id : ids_) see_all(to_string(id));
    return all;
  }
  std::set<ContactId> ids_;
};

TEST_P(RandomRekeyTest, rotating_and_rekeying_changes_no_verdict_about_anybody) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    if (seed > 1) {
      TearDown();
      SetUp();
    }
    Dice dice(seed);
    Roll roll = open_roll();
    std::vector<Topic> topics;
    topics.push_back(roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in}));
    topics.push_back(roll.topics().create({.name = "Beta", .default_subscription = Subscription::opt_out}));
    std::string crowd = "email\n";  // so that a rekey has several chunks to be stopped between
    for (int i = 0; i < 2200; ++i) crowd += "crowd" + std::to_string(i) + "@example.org\n";
    roll.contacts().import_file(write_file("crowd.csv", crowd)).apply();

    ids_.clear();
    for (int round = 0; round < 4; ++round) {
      for (int act = 0; act < 150; ++act) {
        pass_time();
        live(roll, dice, topics);
      }
      for (int person = 0; person < people; ++person) ids_.insert(roll.explain(person_email(person), no_topic).id);
      const std::uint64_t contacts = roll.usage().global;
      const auto before = verdicts(roll, topics);
      roll.keys().add(KeyKind::hash);
      EXPECT_EQ(verdicts(roll, topics), before) << "a new key alone";

      const int stopped_after = dice.below(4);  // chunks; 3: not stopped
      int chunk = 0;
      const std::string ended = reason_of([&] {
        roll.keys().rekey([&](const Progress&) {
          std::this_thread::sleep_for(std::chrono::milliseconds(101));  // or not every chunk is told
          return ++chunk <= stopped_after;
        });
      });
      EXPECT_EQ(ended, stopped_after < chunk ? "cancelled:cancelled" : "done");
      EXPECT_EQ(verdicts(roll, topics), before) << "stopped after " << chunk;
      if (dice.below(3) != 0) {  // else the next rotation finds people under several keys
        roll.keys().rekey();
        EXPECT_EQ(verdicts(roll, topics), before) << "rekeyed";
        EXPECT_TRUE(roll.check().ok());
      }
      EXPECT_EQ(roll.usage().global, contacts) << "nobody twice, nobody lost";
      const CheckReport check = roll.check();
      EXPECT_EQ(check.cache_differs + check.wrong_ids + check.orphans, 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(stores, RandomRekeyTest, ::testing::Values("memory", "sqlite"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace mailroll::testing
