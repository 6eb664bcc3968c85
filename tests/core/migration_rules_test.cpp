// The rules of a migration, one by one, each on a small input.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "transfer_files.hpp"
#include "transfer_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;

class MigrationRules : public ::testing::Test {
 protected:
  std::string input(const std::string& name, const std::string& audience, const std::string& csv) {
    folder_.write(name + '/' + audience + ".csv", csv);
    return folder_.path() + '/' + name;
  }
  World sqlite_world() { return World("sqlite:///" + folder_.path() + "/roll.db"); }

  TemporaryFolder folder_;
};

Said choice_of(World& world, const std::string& email, const std::string& topic) {
  for (const TopicStanding& standing : world.roll().contacts().show(email).topics) {
    if (standing.topic.name == topic) return standing.choice;
  }
  return Said::nothing;
}

TEST_F(MigrationRules, names_come_as_a_pair_from_the_newest_row_that_has_one) {
  World world;
  world.migrate(input("in", "News",
                      "email,first_name,last_name,created_at,updated_at\n"
                      "ada@example.com,Ada,Byron,2024-01-01,\n"
                      "ada@example.com,Augusta,,2024-02-01,\n"
                      "ada@example.com,,,2024-03-01,\n"
                      "ada@example.com,Old,Name,2024-05-01,2023-01-01\n"
                      "ada@example.com,Undated,Row,,\n"));
  const Contact ada = world.roll().contacts().get("ada@example.com");
  EXPECT_EQ(ada.first_name, "Augusta");
  EXPECT_EQ(ada.last_name, "");
  EXPECT_EQ(format_time(ada.created_at), "2024-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_time(ada.updated_at), "2024-03-01T00:00:00.000000Z");
}

TEST_F(MigrationRules, of_rows_of_one_time_the_one_read_first_counts) {
  World world;
  world.migrate(input("in", "News",
                      "email,first_name,created_at,plan\n"
                      "ada@example.com,First,2024-01-01,\n"
                      "ada@example.com,Second,2024-01-01,pro\n"
                      "ada@example.com,Third,2024-01-01,free\n"));
  const Contact ada = world.roll().contacts().get("ada@example.com");
  EXPECT_EQ(ada.first_name, "First");
  EXPECT_EQ(ada.properties.json(), R"({"plan":"pro"})");
}

TEST_F(MigrationRules, mail_goes_to_the_spelling_of_the_oldest_row) {
  World world;
  world.migrate(input("in", "News",
                      "email,created_at\n"
                      "Ada@example.com,2024-02-01\n"
                      "ADA@example.com,2024-01-01\n"
                      "ada@example.com,2024-03-01\n"));
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").email, "ADA@example.com");
  world.migrate(input("again", "News", "email,created_at\nadA@example.com,2020-01-01\n"));
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").email, "ADA@example.com") << "what is stored stays";
}

TEST_F(MigrationRules, what_is_stored_gives_way_only_to_newer_rows) {
  World world;
  world.migrate(input("one", "News", "email,first_name,updated_at,plan\nada@example.com,Ada,2024-02-01,pro\n"));
  world.migrate(input("two", "News",
                      "email,first_name,updated_at,plan,town\n"
                      "ada@example.com,Older,2024-01-01,free,Rome\n"));
  Contact ada = world.roll().contacts().get("ada@example.com");
  EXPECT_EQ(ada.first_name, "Ada");
  EXPECT_EQ(ada.properties.json(), R"({"plan":"pro","town":"Rome"})") << "an older row still fills what is empty";
  world.migrate(input("three", "News", "email,first_name,updated_at,plan\nada@example.com,Newer,2024-03-01,\n"));
  ada = world.roll().contacts().get("ada@example.com");
  EXPECT_EQ(ada.first_name, "Newer");
  EXPECT_EQ(ada.properties.json(), R"({"plan":"pro","town":"Rome"})") << "an empty cell never overwrites";
}

TEST_F(MigrationRules, a_rejected_row_still_opts_out) {
  World world;
  input("in", "News", "email,unsubscribed,created_at\nada@example.com,,2024-01-01\nada@example.com,yes,yesterday\n");
  const MigrationSummary sum = world.migrate(input(
      "in", "Beta", "email,unsubscribed,created_at\neve@example.com,yes,yesterday\nbob@example.com,no,2024-01-01\n"));
  EXPECT_EQ(sum.rejected, 2U);
  EXPECT_EQ(sum.contacts, 2U);
  EXPECT_EQ(choice_of(world, "ada@example.com", "News"), Said::opt_out);
  EXPECT_FALSE(world.roll().contacts().find("eve@example.com")) << "a rejected row makes no contact";
  world.roll().contacts().add({.email = "eve@example.com"});
  EXPECT_EQ(choice_of(world, "eve@example.com", "Beta"), Said::opt_out);
}

TEST_F(MigrationRules, who_left_every_audience_of_a_complete_input_has_left_everything) {
  World world;
  const std::string rows = "email,unsubscribed\nada@example.com,yes\n";
  input("in", "News", rows + "bob@example.com,yes\n");
  const std::string folder = input("in", "Beta", rows + "bob@example.com,no\n");
  EXPECT_EQ(world.plan(folder).summary().left_to_topics, 1U);
  EXPECT_EQ(world.plan(folder).summary().unsubscribed, 0U);
  const MigrationSummary sum = world.migrate(folder, UnsubscribedPolicy::topics, true);
  EXPECT_EQ(sum.unsubscribed, 1U);
  EXPECT_EQ(sum.left_to_topics, 0U);
  EXPECT_TRUE(world.roll().contacts().show("ada@example.com").unsubscribed);
  EXPECT_FALSE(world.roll().contacts().show("bob@example.com").unsubscribed);
}

TEST_F(MigrationRules, who_is_opted_in_to_another_topic_is_left_to_the_topics) {
  World world;
  const Topic other = world.roll().topics().create({.name = "Other"});
  world.roll().subscribe("ada@example.com", other);
  const MigrationSummary sum =
      world.migrate(input("in", "News", "email,unsubscribed\nada@example.com,yes\n"), UnsubscribedPolicy::topics, true);
  EXPECT_EQ(sum.left_to_topics, 1U);
  EXPECT_FALSE(world.roll().contacts().show("ada@example.com").unsubscribed);
  EXPECT_EQ(choice_of(world, "ada@example.com", "News"), Said::opt_out);
}

TEST_F(MigrationRules, whoever_came_back_by_an_act_of_their_own_stays) {
  World world = sqlite_world();
  const std::string older = input(
      "older", "News", "email,unsubscribed,unsubscribed_at\nada@example.com,yes,\nbob@example.com,yes,2024-01-01\n");
  world.migrate(older, UnsubscribedPolicy::topics, true);
  const TopicNumber news = world.roll().topics().get("News").number;
  for (const std::string email : {"ada@example.com", "bob@example.com"}) {
    world.record(email, news, Action::opt_in, Actor::person, Channel::page);
    world.record(email, everything_scope, Action::opt_in, Actor::person, Channel::page);
  }
  MigrationPlan again = world.plan(older, UnsubscribedPolicy::topics, true);
  EXPECT_EQ(again.audiences().front().gains, 0U) << "they gained it by themselves";
  again.apply();
  input("newer", "Beta", "email,unsubscribed\nada@example.com,yes\nbob@example.com,yes\n");
  world.migrate(input("newer", "News",
                      "email,unsubscribed,unsubscribed_at\nada@example.com,yes,\nbob@example.com,yes,2024-01-01\n"),
                UnsubscribedPolicy::topics, true);
  EXPECT_EQ(world.receivers("News", UnsubscribedPolicy::topics),
            (std::set<std::string>{"ada@example.com", "bob@example.com"}));
  EXPECT_TRUE(world.receivers("Beta", UnsubscribedPolicy::topics).empty());
}

TEST_F(MigrationRules, a_later_dated_opt_out_is_a_statement_of_its_own) {
  World world = sqlite_world();
  world.migrate(input("older", "News", "email,unsubscribed,unsubscribed_at\nada@example.com,yes,2024-01-01\n"));
  world.record("ada@example.com", world.roll().topics().get("News").number, Action::opt_in, Actor::person,
               Channel::page);
  EXPECT_EQ(choice_of(world, "ada@example.com", "News"), Said::opt_in);
  // The old system kept running: she left there again, later than she came back here.
  world.migrate(
      input("newer", "News", "email,unsubscribed,unsubscribed_at\nada@example.com,yes,2026-03-01T12:01:00Z\n"));
  EXPECT_EQ(choice_of(world, "ada@example.com", "News"), Said::opt_out);
}

TEST_F(MigrationRules, an_undated_opt_out_beside_a_dated_one_counts_as_of_now) {
  World world = sqlite_world();
  world.migrate(input("older", "News", "email\nada@example.com\n"));
  world.record("ada@example.com", world.roll().topics().get("News").number, Action::opt_in, Actor::person,
               Channel::page);
  world.migrate(input("newer", "News",
                      "email,unsubscribed,unsubscribed_at\n"
                      "ada@example.com,yes,2024-01-01\n"
                      "ada@example.com,yes,\n"));
  EXPECT_EQ(choice_of(world, "ada@example.com", "News"), Said::opt_out);
}

TEST_F(MigrationRules, what_was_done_between_planning_and_applying_is_respected) {
  World world = sqlite_world();
  world.migrate(input("older", "News", "email\nada@example.com\nbob@example.com\n"));
  MigrationPlan plan =
      world.plan(input("newer", "News", "email,unsubscribed\nada@example.com,yes\nbob@example.com,no\n"));
  world.record("ada@example.com", world.roll().topics().get("News").number, Action::opt_in, Actor::person,
               Channel::page);
  world.record("bob@example.com", everything_scope, Action::opt_out, Actor::person, Channel::page);
  plan.apply();
  EXPECT_EQ(plan.summary().kept_opted_out, 0U);
  EXPECT_EQ(world.receivers("News", UnsubscribedPolicy::topics), (std::set<std::string>{"ada@example.com"}));
}

TEST_F(MigrationRules, who_was_removed_stays_without_opt_ins) {
  World world;
  const std::string folder = input("in", "News", "email\nada@example.com\n");
  world.migrate(folder);
  world.roll().contacts().remove("ada@example.com");
  const MigrationSummary sum = world.migrate(folder);
  EXPECT_EQ(sum.kept_removed, 1U);
  EXPECT_EQ(sum.contacts_created, 1U);
  EXPECT_TRUE(world.receivers("News", UnsubscribedPolicy::topics).empty());
}

TEST_F(MigrationRules, who_was_erased_is_rejected) {
  World world = sqlite_world();
  const std::string folder = input("in", "News", "email\nada@example.com\nbob@example.com\n");
  world.migrate(folder);
  world.record("ada@example.com", everything_scope, Action::erased, Actor::operator_, Channel::cli);
  const std::string rejects = folder_.path() + "/rejects.ndjson";
  MigrationPlan plan = world.roll().migrate_audiences({folder}, {.rejects = rejects});
  plan.apply();
  EXPECT_EQ(plan.summary().rejected, 1U);
  EXPECT_EQ(plan.summary().contacts, 1U);
  EXPECT_EQ(plan.summary().rejected_by_reason[static_cast<std::size_t>(RejectReason::suppressed_erased)], 1U);
  const std::string listed = read_file(rejects);
  EXPECT_NE(listed.find("suppressed_erased"), std::string::npos);
  EXPECT_EQ(listed.find("ada@"), std::string::npos) << "no address";
  EXPECT_FALSE(world.roll().contacts().find("ada@example.com"));
}

TEST_F(MigrationRules, an_opt_out_outlives_its_topic_and_segment) {
  World world;
  const std::string folder = input("in", "News", "email\nada@example.com\nbob@example.com\n");
  world.migrate(folder);
  world.roll().unsubscribe("ada@example.com", TopicRef("News"));
  world.roll().topics().remove("News");
  world.roll().segments().remove("News");
  const MigrationSummary sum = world.migrate(folder);
  EXPECT_EQ(sum.kept_opted_out, 1U);
  EXPECT_EQ(world.receivers("News", UnsubscribedPolicy::topics), (std::set<std::string>{"bob@example.com"}));
}

TEST_F(MigrationRules, an_old_id_finds_its_contact_and_a_disputed_one_is_counted_and_listed) {
  World world;
  input("in", "Beta", "email,id\nbob@example.com,7\nada@example.com,8\n");
  MigrationPlan plan = world.plan(input("in", "News", "email,id\nada@example.com,7\nbob@example.com,9\n"));
  EXPECT_EQ(plan.summary().alias_conflicts, 1U);
  std::vector<std::string> disputed;
  plan.conflicts([&](const Conflict& conflict) {
    EXPECT_EQ(conflict.what, "alias");
    disputed.push_back(conflict.kept);
    EXPECT_EQ(conflict.others.size(), 1U);
    return true;
  });
  EXPECT_EQ(disputed, (std::vector<std::string>{"7", "7"})) << "once for each who claims it";
  EXPECT_EQ(plan.apply().alias_conflicts, 1U);
  EXPECT_EQ(world.roll().contacts().get("8").email, "ada@example.com");
  EXPECT_THROW((void)world.roll().contacts().get("7"), Error);

  const MigrationSummary later = world.migrate(input("later", "News", "email,id\neve@example.com,9\n"));
  EXPECT_EQ(later.alias_conflicts, 1U) << "somebody in the store has it already";
}

TEST_F(MigrationRules, conflicts_are_listed_with_what_is_kept) {
  World world;
  MigrationPlan plan = world.plan(input("in", "News",
                                        "email,first_name,last_name,created_at,plan\n"
                                        "Ada@example.com,Ada,Byron,2024-01-01,free\n"
                                        "ada@example.com,Ada,King,2024-02-01,pro\n"
                                        "bob@example.com,Bob,,2024-02-01,pro\n"));
  std::vector<std::string> told;
  plan.conflicts([&](const Conflict& conflict) {
    told.push_back(conflict.what + ' ' + conflict.key + ": " + conflict.kept + " / " + conflict.others.at(0));
    return true;
  });
  EXPECT_EQ(told,
            (std::vector<std::string>{"name : Ada King / Ada Byron", "spelling : Ada@example.com / ada@example.com",
                                      "property plan: pro / free"}));
  EXPECT_EQ(plan.summary().name_conflicts, 1U);
  EXPECT_EQ(plan.summary().address_spellings, 1U);
  EXPECT_EQ(plan.summary().property_conflicts, 1U);
}

TEST_F(MigrationRules, a_long_name_is_cut_for_the_topic_and_stays_for_the_segment) {
  World world;
  const std::string start = "Everybody who ever asked us for the printed catal";  // 49 characters
  input("in", start + "ogue of 2024", "email\nada@example.com\n");
  world.migrate(input("in", start + "ogue of 2025", "email\nbob@example.com\n"));
  const std::vector<Topic> topics = world.roll().topics().list();
  ASSERT_EQ(topics.size(), 2U);
  for (const Topic& topic : topics) {
    EXPECT_EQ(topic.name.size(), 50U);
    EXPECT_EQ(topic.name.substr(0, 47), start.substr(0, 46) + "~");
    EXPECT_EQ(topic.name.find_first_not_of("0123456789abcdef", 47), std::string::npos);
  }
  EXPECT_NE(topics[0].name, topics[1].name);
  EXPECT_EQ(world.roll().segments().list()[0].name, start + "ogue of 2024");
}

TEST_F(MigrationRules, a_renamed_segment_is_found_again_and_an_equal_name_is_not_taken_for_it) {
  World world;
  const Segment mine = world.roll().segments().create("News");
  const std::string folder = input("in", "News", "email\nada@example.com\n");
  world.migrate(folder);
  EXPECT_EQ(world.roll().segments().count(mine.id), 0U);
  world.roll().segments().rename(world.roll().segments().list().back().id, "Renamed");
  world.migrate(folder);
  EXPECT_EQ(world.roll().segments().list().size(), 2U);
  EXPECT_EQ(world.roll().segments().count("Renamed"), 1U);
}

TEST_F(MigrationRules, other_columns_become_properties_of_the_type_defined) {
  World world;
  world.roll().properties().define("age", PropertyType::number);
  const MigrationSummary sum = world.migrate(input("in", "News",
                                                   "email,age,Favourite colour\n"
                                                   "ada@example.com,36,blue\n"
                                                   "bob@example.com,young,red\n"));
  EXPECT_EQ(sum.rejected_by_reason[static_cast<std::size_t>(RejectReason::value_type)], 1U);
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").properties.json(),
            R"({"Favourite_colour":"blue","age":36})");
  ASSERT_TRUE(world.roll().properties().find("Favourite_colour"));
  EXPECT_EQ(world.roll().properties().find("Favourite_colour")->type, PropertyType::string);
}

TEST_F(MigrationRules, two_columns_that_would_be_one_property_are_an_error) {
  World world;
  const std::string folder = input("in", "News", "email,fav colour,fav-colour\nada@example.com,a,b\n");
  try {
    world.plan(folder);
    FAIL() << "planned";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(error.reason(), "columns_clash");
  }
}

TEST_F(MigrationRules, a_time_to_come_is_clamped_and_flagged) {
  World world;
  world.migrate(input("in", "News", "email,unsubscribed,unsubscribed_at\nada@example.com,yes,2099-01-01\n"));
  const std::vector<ConsentEvent> events = world.roll().events().list("ada@example.com");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events[0].clamped);
  EXPECT_EQ(events[0].at, events[0].recorded_at);
  EXPECT_EQ(events[0].actor, Actor::person);
  EXPECT_EQ(events[0].channel, Channel::migration);
}

TEST_F(MigrationRules, a_stop_loses_nothing_committed_and_the_same_input_completes_it) {
  std::string csv = "email,unsubscribed\n";
  for (int i = 0; i < 40000; ++i) csv += "p" + std::to_string(i) + "@example.com," + (i % 3 == 0 ? "yes\n" : "no\n");
  const std::string folder = input("in", "News", csv);
  World world;
  MigrationPlan plan = world.plan(folder);
  const auto stop_in_writing = [](const Progress& progress) { return progress.phase != "write"; };
  EXPECT_THROW(plan.apply(stop_in_writing), Error);
  const std::uint64_t written = world.roll().usage().global;
  EXPECT_GT(written, 0U);
  EXPECT_LT(written, 40000U);
  EXPECT_FALSE(world.roll().check().unfinished_runs.empty());
  EXPECT_TRUE(world.roll().audience("News", "News").incomplete());
  world.migrate(folder);
  EXPECT_TRUE(world.roll().check().ok());
  EXPECT_EQ(world.roll().audience("News", "News").count().receives, 40000U - 13334U);
}

}  // namespace
