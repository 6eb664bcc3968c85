// The promise of a migration, on the store: exactly the people whom the old audiences reached.
#include "backends/temporary_folder.hpp"
#include "conformance/case.hpp"
#include "conformance/roll_world.hpp"

namespace mailroll::conformance {
namespace {

using testing::Dice;
using testing::OldExport;
using testing::World;

constexpr int people = 30;

void expect_reached(World& world, const OldExport& old) {
  for (std::size_t audience = 0; audience < testing::old_audience_names().size(); ++audience) {
    const std::string& name = testing::old_audience_names()[audience];
    const auto found = world.receivers(name, UnsubscribedPolicy::topics);
    const auto expected = old.reached(static_cast<int>(audience));
    for (int person = 0; person < people; ++person) {
      const std::string email = testing::person_email(person);
      if (found.contains(email) == expected.contains(email)) continue;
      throw Broken("person " + std::to_string(person) + " of audience " + name + " was " +
                   (expected.contains(email) ? "reached before and is not now" : "not reached before and is now"));
    }
    expect(found.size() == expected.size(), "audience " + name + " reaches somebody who was never there");
  }
  expect_consistent(world);
}

void a_migration_reaches_exactly_whom_the_audiences_reached(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    const OldExport old = random_export(dice, people, 20 + dice.below(80));
    const test::TemporaryFolder folder;
    old.write(folder, "export");
    world.migrate(folder.file("export").string(), UnsubscribedPolicy::topics, dice.one_in(2));
    expect_reached(world, old);
  });
}

void a_migration_that_is_repeated_changes_nothing(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    const OldExport old = random_export(dice, people, 20 + dice.below(80));
    const test::TemporaryFolder folder;
    old.write(folder, "export");
    world.migrate(folder.file("export").string());
    const std::string once = world.dump(people);
    world.migrate(folder.file("export").string());
    expect(world.dump(people) == once, "the second run has changed something");
    expect_reached(world, old);
  });
}

void whoever_opts_out_after_a_migration_stays_out_when_a_newer_export_comes(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    const OldExport older = random_export(dice, people, 40);
    const OldExport newer = newer_export(dice, older, people);
    const test::TemporaryFolder folder;
    older.write(folder, "older");
    newer.write(folder, "newer");
    world.migrate(folder.file("older").string());
    std::set<int> left;
    for (int times = 0; times < 8; ++times) {
      const int person = dice.below(people);
      left.insert(person);
      world.pass_time();
      world.roll().unsubscribe(testing::person_email(person), everything);
    }
    world.migrate(folder.file("newer").string());
    for (const std::string& name : testing::old_audience_names()) {
      const auto reached = world.receivers(name, UnsubscribedPolicy::topics);
      for (const int person : left) {
        expect(!reached.contains(testing::person_email(person)),
               "person " + std::to_string(person) + ", who had left, gets mail of audience " + name);
      }
    }
    expect_consistent(world);
  });
}

}  // namespace

std::vector<Case> migration_cases() {
  return {
      {"a_migration_reaches_exactly_whom_the_audiences_reached",
       {},
       a_migration_reaches_exactly_whom_the_audiences_reached},
      {"a_migration_that_is_repeated_changes_nothing", {}, a_migration_that_is_repeated_changes_nothing},
      {"whoever_opts_out_after_a_migration_stays_out_when_a_newer_export_comes",
       {},
       whoever_opts_out_after_a_migration_stays_out_when_a_newer_export_comes},
  };
}

}  // namespace mailroll::conformance
