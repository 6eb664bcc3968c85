// The rules of permission, run on the store through the roll: what is stored stays the fold of what was said.
#include "backends/temporary_folder.hpp"
#include "conformance/case.hpp"
#include "conformance/roll_world.hpp"

namespace mailroll::conformance {
namespace {

using testing::Dice;
using testing::person_email;
using testing::World;

constexpr int people = 25;

void after_random_acts_what_is_stored_is_the_fold_of_the_events(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    make_definitions(world);
    for (int act = 0; act < 250; ++act) world.live_act(dice, people);
    expect_consistent(world);
  });
}

void an_audience_is_exactly_those_of_whom_explain_says_that_they_get_the_mail(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    make_definitions(world);
    const Roll& roll = world.roll();
    for (int person = 0; person < people; ++person) {
      if (dice.one_in(3)) continue;
      NewContact contact;
      contact.email = person_email(person);
      contact.segments = {SegmentRef(testing::old_audience_names()[static_cast<std::size_t>(dice.below(3))])};
      roll.contacts().add(contact);
    }
    for (int act = 0; act < 100; ++act) world.live_act(dice, people);
    for (const std::string& name : testing::old_audience_names()) {
      const auto reached = world.receivers(name, UnsubscribedPolicy::topics);
      for (int person = 0; person < people; ++person) {
        const std::string email = person_email(person);
        const bool gets = receives(roll.explain(email, TopicRef(name), SegmentRef(name)).reason);
        expect(gets == reached.contains(email), "person " + std::to_string(person) + " of segment and topic " + name +
                                                    ": explain says " + (gets ? "yes" : "no") +
                                                    ", the audience otherwise");
      }
    }
  });
}

void an_import_brings_everybody_once_and_never_undoes_an_opt_out(Trial& trial) {
  each_world(trial, [](World& world, Dice& dice) {
    make_definitions(world);
    constexpr int rows = 1500;
    const test::TemporaryFolder folder;
    std::string csv = "email,first_name,unsubscribed\n";
    for (int person = 0; person < rows; ++person) {
      csv += person_email(person);
      csv += ",Name,\n";
    }
    folder.write("people.csv", csv);
    const std::string path = folder.file("people.csv").string();
    std::set<int> left;
    for (int times = 0; times < 40; ++times) {
      const int person = dice.below(rows);
      left.insert(person);
      world.roll().unsubscribe(person_email(person), everything);
    }
    world.pass_time();
    world.roll().contacts().import_file(path).apply();
    const Usage once = world.roll().usage();
    expect(once.global == rows, "a contact for each row: " + std::to_string(once.global));
    world.pass_time();
    world.roll().contacts().import_file(path).apply();
    expect(world.roll().usage().global == rows, "and the same ones when it is imported again");
    for (const int person : left) {
      expect(!receives(world.roll().explain(person_email(person), TopicRef(no_topic)).reason),
             "person " + std::to_string(person) + ", who had left, gets mail after the import");
    }
    expect_consistent(world);
  });
}

}  // namespace

std::vector<Case> roll_cases() {
  return {
      {"after_random_acts_what_is_stored_is_the_fold_of_the_events",
       {},
       after_random_acts_what_is_stored_is_the_fold_of_the_events},
      {"an_audience_is_exactly_those_of_whom_explain_says_that_they_get_the_mail",
       {},
       an_audience_is_exactly_those_of_whom_explain_says_that_they_get_the_mail},
      {"an_import_brings_everybody_once_and_never_undoes_an_opt_out",
       {},
       an_import_brings_everybody_once_and_never_undoes_an_opt_out},
  };
}

}  // namespace mailroll::conformance
