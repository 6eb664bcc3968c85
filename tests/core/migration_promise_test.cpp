// The promise of a migration: into an empty store exactly the people whom the old audiences reached; into any other store
// nobody gains mail, and whoever loses it is listed with the cause.
#include <map>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "transfer_files.hpp"
#include "transfer_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;

constexpr int people = 8;
constexpr unsigned rounds = 120;
using Emails = std::set<std::string>;

int audience_count() { return static_cast<int>(old_audience_names().size()); }
const std::string& name_of(int audience) { return old_audience_names()[static_cast<std::size_t>(audience)]; }

void expect_reached(World& world, const OldExport& old, unsigned seed) {
  for (int audience = 0; audience < audience_count(); ++audience) {
    EXPECT_EQ(world.receivers(name_of(audience), UnsubscribedPolicy::topics), old.reached(audience))
        << "seed " << seed << ", audience " << name_of(audience);
  }
  EXPECT_TRUE(world.roll().check().ok()) << "seed " << seed;
}

TEST(MigrationPromise, into_an_empty_store_it_reaches_exactly_whom_the_audiences_reached) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport old = random_export(dice, people, 4 + dice.below(40));
    TemporaryFolder folder;
    old.write(folder, "export");
    World world;
    world.migrate(folder.path() + "/export", UnsubscribedPolicy::topics, dice.one_in(2));
    expect_reached(world, old, seed);
  }
}

TEST(MigrationPromise, in_several_runs_it_reaches_the_same_people) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport old = random_export(dice, people, 4 + dice.below(40));
    TemporaryFolder folder;
    OldExport parts[3];
    for (const OldRow& row : old.rows) parts[dice.below(3)].rows.push_back(row);
    World world;
    for (int part = 0; part < 3; ++part) {
      if (parts[part].rows.empty()) continue;
      parts[part].write(folder, "part" + std::to_string(part));
      world.migrate(folder.path() + "/part" + std::to_string(part));
    }
    expect_reached(world, old, seed);
  }
}

TEST(MigrationPromise, audience_by_audience_it_reaches_the_same_people) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport old = random_export(dice, people, 4 + dice.below(40));
    TemporaryFolder folder;
    World world;
    for (int audience = 0; audience < audience_count(); ++audience) {
      OldExport part;
      for (const OldRow& row : old.rows) {
        if (row.audience == audience) part.rows.push_back(row);
      }
      if (part.rows.empty()) continue;
      part.write(folder, name_of(audience));
      world.migrate(folder.path() + '/' + name_of(audience));
    }
    expect_reached(world, old, seed);
  }
}

TEST(MigrationPromise, the_strict_policy_reaches_only_who_left_nowhere) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport old = random_export(dice, people, 4 + dice.below(40));
    TemporaryFolder folder;
    old.write(folder, "export");
    World world;
    world.migrate(folder.path() + "/export", UnsubscribedPolicy::everything);
    for (int audience = 0; audience < audience_count(); ++audience) {
      Emails wanted = old.members(audience);
      for (const std::string& email : old.left_any()) wanted.erase(email);
      EXPECT_EQ(world.receivers(name_of(audience), UnsubscribedPolicy::everything), wanted) << "seed " << seed;
    }
  }
}

/// A store that has lived: perhaps an older export, then acts of people, staff and providers.
void live(World& world, Dice& dice, const TemporaryFolder& folder, const OldExport& older) {
  for (int i = dice.below(10); i > 0; --i) world.live_act(dice, people);
  if (!dice.one_in(3)) {
    older.write(folder, "older");
    world.migrate(folder.path() + "/older", UnsubscribedPolicy::topics, dice.one_in(2));
  }
  for (int i = dice.below(25); i > 0; --i) world.live_act(dice, people);
}

/// Whom a raise before this migration lets receive the audience's mail, whatever the audience says.
Emails opted_in_before(World& world, const std::string& audience) {
  Emails found;
  for (int person = 0; person < people; ++person) {
    const std::string email = person_email(person);
    if (!world.roll().contacts().find(email)) continue;
    for (const TopicStanding& topic : world.roll().contacts().show(email).topics) {
      if (topic.topic.name == audience && topic.choice == Said::opt_in) found.insert(email);
    }
  }
  return found;
}

using Losses = std::map<std::pair<std::string, std::string>, Reason>;  // audience, email

Losses listed(const MigrationPlan& plan, UnsubscribedPolicy policy) {
  Losses losses;
  ContactId last{};
  plan.effects(policy, [&](const Effect& effect) {
    EXPECT_LE(last, effect.id) << "effects come in the order of ids";
    last = effect.id;
    EXPECT_TRUE(effect.received_before && !effect.receives_after);
    losses[{effect.audience, World::lower(effect.email)}] = effect.reason;
    return true;
  });
  return losses;
}

TEST(MigrationPromise, into_any_store_nobody_gains_and_every_loss_is_listed_with_its_cause) {
  std::size_t losses_seen = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    for (const UnsubscribedPolicy policy : {UnsubscribedPolicy::topics, UnsubscribedPolicy::everything}) {
      Dice dice(seed);
      const OldExport older = random_export(dice, people, 4 + dice.below(30));
      const OldExport old = newer_export(dice, older, people);
      TemporaryFolder folder;
      World world;
      live(world, dice, folder, older);
      std::map<std::string, Emails> raised;
      for (const std::string& audience : old_audience_names()) raised[audience] = opted_in_before(world, audience);
      if (old.rows.empty()) continue;
      old.write(folder, "export");

      // The plan is made under the default policy all the same: it tells of both.
      MigrationPlan plan = world.plan(folder.path() + "/export");
      const Losses losses = listed(plan, policy);
      for (const AudienceEffect& effect : plan.audiences()) EXPECT_EQ(effect.gains, 0U) << "seed " << seed;
      std::map<std::string, std::uint64_t> planned;
      for (const AudienceEffect& effect : plan.audiences()) {
        planned[effect.name] =
            policy == UnsubscribedPolicy::topics ? effect.receives_after : effect.receives_after_everything;
      }
      world.migrate(folder.path() + "/export", policy);

      Losses found;
      for (int audience = 0; audience < audience_count(); ++audience) {
        const std::string& name = name_of(audience);
        const Emails before = old.reached(audience);
        Emails after = world.receivers(name, policy);
        Emails after_of_input;
        for (const std::string& email : old.members(audience)) {
          if (after.contains(email)) after_of_input.insert(email);
        }
        if (planned.contains(name)) {
          EXPECT_EQ(planned[name], after_of_input.size()) << "seed " << seed;
        }
        for (const std::string& email : after_of_input) {
          EXPECT_TRUE(before.contains(email) || raised[name].contains(email)) << "seed " << seed << ' ' << email;
        }
        for (const std::string& email : before) {
          if (after.contains(email)) continue;
          const TopicRef topic = policy == UnsubscribedPolicy::topics ? TopicRef(name) : TopicRef(no_topic);
          found[{name, email}] = world.roll().explain(email, topic, SegmentRef(name)).reason;
        }
      }
      EXPECT_EQ(losses, found) << "seed " << seed;
      losses_seen += losses.size();
      EXPECT_TRUE(world.roll().check().ok()) << "seed " << seed;
    }
  }
  EXPECT_GT(losses_seen, rounds) << "the histories must take somebody's mail away";
}

TEST(MigrationPromise, applied_twice_it_changes_nothing) {
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport older = random_export(dice, people, 4 + dice.below(30));
    const OldExport old = newer_export(dice, older, people);
    TemporaryFolder folder;
    World world;
    live(world, dice, folder, older);
    if (old.rows.empty()) continue;
    old.write(folder, "export");
    const UnsubscribedPolicy policy = dice.one_in(2) ? UnsubscribedPolicy::topics : UnsubscribedPolicy::everything;
    const bool complete = dice.one_in(2);
    MigrationPlan plan = world.plan(folder.path() + "/export", policy, complete);
    plan.apply();
    const std::string once = world.dump(people);
    world.pass_time();
    const MigrationSummary again = plan.apply();
    EXPECT_EQ(world.dump(people), once) << "seed " << seed;
    EXPECT_EQ(again.contacts_created + again.contacts_updated, 0U) << "seed " << seed;
    world.migrate(folder.path() + "/export", policy, complete);
    EXPECT_EQ(world.dump(people), once) << "seed " << seed;
  }
}

TEST(MigrationPromise, a_newer_export_brings_back_nobody_who_opted_out_since) {
  std::size_t left = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    Dice dice(seed);
    const OldExport older = random_export(dice, people, 10 + dice.below(30));
    const OldExport newer = newer_export(dice, older, people);
    TemporaryFolder folder;
    World world;
    older.write(folder, "older");
    world.migrate(folder.path() + "/older");
    std::map<std::string, Emails> out;
    for (int i = 0; i < 10; ++i) {
      const std::string email = person_email(dice.below(people));
      const std::vector<Topic> topics = world.roll().topics().list();
      const PermissionOptions told{.override_reason = "", .by = Actor::person, .evidence = World::by_phone()};
      world.pass_time();
      if (dice.one_in(4)) {
        world.roll().unsubscribe(email, everything, told);
        for (const std::string& audience : old_audience_names()) out[audience].insert(email);
      } else {
        const Topic& topic = topics[static_cast<std::size_t>(dice.below(static_cast<int>(topics.size())))];
        world.roll().unsubscribe(email, topic, told);
        out[topic.name].insert(email);
      }
      if (dice.one_in(4) && world.roll().contacts().find(email)) world.roll().contacts().remove(email);
    }
    if (newer.rows.empty()) continue;
    newer.write(folder, "newer");
    world.migrate(folder.path() + "/newer");
    for (const auto& [audience, emails] : out) {
      const Emails after = world.receivers(audience, UnsubscribedPolicy::topics);
      for (const std::string& email : emails) EXPECT_FALSE(after.contains(email)) << "seed " << seed << ' ' << email;
      left += emails.size();
    }
  }
  EXPECT_GT(left, rounds);
}

}  // namespace
