// Imports of contacts: what becomes of each row, and that no import undoes an opt-out.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "transfer_files.hpp"
#include "transfer_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;

class Import : public ::testing::Test {
 protected:
  ImportSummary import(World& world, const std::string& csv, const ImportOptions& options = {}) {
    world.pass_time();
    return world.roll().contacts().import_file(folder_.write("contacts.csv", csv), options).apply();
  }
  World sqlite_world() { return World("sqlite:///" + folder_.path() + "/roll.db"); }

  TemporaryFolder folder_;
};

std::uint64_t rows(const ImportSummary& sum, RowVerdict verdict) {
  return sum.by_verdict[static_cast<std::size_t>(verdict)];
}

PermissionOptions by_the_person() {
  return {.override_reason = "", .by = Actor::person, .evidence = World::by_phone()};
}

TEST_F(Import, each_row_has_one_verdict_and_they_add_up) {
  World world = sqlite_world();
  import(world,
         "email,first_name\nupdated@example.com,Old\nsame@example.com,Same\nleft@example.com,\nerased@example.com,\n");
  world.roll().unsubscribe("left@example.com", everything, by_the_person());
  world.record("erased@example.com", everything_scope, Action::erased, Actor::operator_, Channel::cli);

  const ImportSummary sum = import(world,
                                   "email,first_name,updated_at\n"
                                   "new@example.com,New,\n"
                                   "updated@example.com,Newer,2027-01-01\n"
                                   "same@example.com,Same,\n"
                                   "left@example.com,Left,2027-01-01\n"
                                   "new@example.com,New,\n"
                                   "erased@example.com,Again,\n"
                                   "nobody,,\n"
                                   "bad@example.com,,someday\n");
  EXPECT_EQ(sum.rows, 8U);
  EXPECT_EQ(rows(sum, RowVerdict::created), 1U);
  EXPECT_EQ(rows(sum, RowVerdict::updated), 1U);
  EXPECT_EQ(rows(sum, RowVerdict::unchanged), 1U);
  EXPECT_EQ(rows(sum, RowVerdict::kept_opted_out), 1U);
  EXPECT_EQ(rows(sum, RowVerdict::duplicate), 1U);
  EXPECT_EQ(rows(sum, RowVerdict::rejected), 3U);
  std::uint64_t all = 0;
  for (const std::uint64_t verdict : sum.by_verdict) all += verdict;
  EXPECT_EQ(all, sum.rows);
  EXPECT_EQ(world.roll().contacts().get("left@example.com").first_name, "Left")
      << "the profile is updated all the same";
  EXPECT_TRUE(world.roll().contacts().show("left@example.com").unsubscribed);
}

TEST_F(Import, an_import_never_undoes_an_opt_out) {
  const std::string csv = "email,unsubscribed\nada@example.com,false\n";
  for (const bool person : {true, false}) {
    World world;
    world.roll().topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    import(world, csv, {.topics = { "News" }});
    const PermissionOptions by = person ? by_the_person() : PermissionOptions{};
    world.roll().unsubscribe("ada@example.com", TopicRef("News"), by);
    EXPECT_EQ(import(world, csv, {.topics = {"News"}}).kept_opted_out, 1U);
    EXPECT_FALSE(world.roll().explain("ada@example.com", "News").receives);
    world.roll().unsubscribe("ada@example.com", everything, by);
    EXPECT_EQ(rows(import(world, csv), RowVerdict::kept_opted_out), 1U);
    EXPECT_TRUE(world.roll().contacts().show("ada@example.com").unsubscribed);
  }
}

TEST_F(Import, random_imports_let_nobody_receive_more_than_before) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    Dice dice(seed);
    World world;
    world.roll().topics().create({.name = "In", .default_subscription = Subscription::opt_in});
    world.roll().topics().create({.name = "Out", .default_subscription = Subscription::opt_out});
    constexpr int people = 6;
    for (int i = 0; i < 40; ++i) world.live_act(dice, people);
    std::vector<Reason> before;
    for (int person = 0; person < people; ++person) {
      for (const char* topic : {"In", "Out"})
        before.push_back(world.roll().explain(person_email(person), topic).reason);
    }
    std::string csv = "email,unsubscribed\n";
    for (int person = 0; person < people; ++person) csv += person_email(person) + (dice.one_in(4) ? ",yes\n" : ",no\n");
    import(world, csv, {.topics = { "In", "Out" }});
    const std::string once = world.dump(people);
    import(world, csv, {.topics = { "In", "Out" }});
    EXPECT_EQ(world.dump(people), once) << "seed " << seed << ": the same file again changes nothing";
    std::size_t at = 0;
    for (int person = 0; person < people; ++person) {
      for (const char* topic : {"In", "Out"}) {
        const Reason reason = before[at++];
        const bool silent = receives(reason) || reason == Reason::not_found || reason == Reason::topic_default_opt_out;
        const bool after = world.roll().explain(person_email(person), topic).receives;
        EXPECT_TRUE(silent || !after) << "seed " << seed << ' ' << person << ' ' << topic << ' ' << to_string(reason);
      }
    }
    EXPECT_TRUE(world.roll().check().ok()) << "seed " << seed;
  }
}

TEST_F(Import, unsubscribed_means_from_everything_and_counts_in_a_rejected_row_too) {
  World world;
  const ImportSummary sum = import(world,
                                   "email,unsubscribed,created_at\n"
                                   "ada@example.com,unsubscribed,\n"
                                   "eve@example.com,1,never\n");
  EXPECT_EQ(sum.unsubscribed, 2U);
  EXPECT_EQ(rows(sum, RowVerdict::rejected), 1U);
  EXPECT_TRUE(world.roll().contacts().show("ada@example.com").unsubscribed);
  EXPECT_FALSE(world.roll().contacts().find("eve@example.com"));
  world.roll().contacts().add({.email = "eve@example.com"});
  EXPECT_TRUE(world.roll().contacts().show("eve@example.com").unsubscribed);
}

TEST_F(Import, rows_join_segments_which_are_made_and_opt_in_to_topics_which_must_exist) {
  World world;
  world.roll().topics().create({.name = "News"});
  const ImportSummary sum =
      import(world, "email\nada@example.com\nbob@example.com\n", {.segments = {"VIP", "VIP"}, .topics = {"News"}});
  EXPECT_EQ(sum.opt_ins, 2U);
  EXPECT_EQ(world.roll().segments().count("VIP"), 2U);
  EXPECT_EQ(world.roll().audience("VIP", "News").count().receives, 2U);
  EXPECT_EQ(import(world, "email\nada@example.com\n", {.segments = {"VIP"}}).by_verdict,
            (std::array<std::uint64_t, row_verdict_count>{0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(world.roll().segments().list().size(), 1U);
  EXPECT_THROW(import(world, "email\nada@example.com\n", {.topics = {"Nothing"}}), Error);
}

TEST_F(Import, an_import_changes_what_it_names_and_clears_nothing) {
  World world = sqlite_world();
  import(world, "email,first_name,plan\nann@example.com,Ann,free\nbob@example.com,Bob,free\n");
  const Contact before = world.roll().contacts().get("ann@example.com");

  // Without a time, with the time of the export it was edited in, and with one that is long past: the file was given to be
  // believed.
  const std::string exported = "," + format_time(before.updated_at) + ",pro\n";
  EXPECT_EQ(rows(import(world, "email,first_name\nann@example.com,Anna\n"), RowVerdict::updated), 1U);
  EXPECT_EQ(rows(import(world, "email,first_name,updated_at,plan\nann@example.com" + std::string(",") + exported),
                 RowVerdict::updated),
            1U);
  EXPECT_EQ(rows(import(world, "email,last_name,updated_at\nbob@example.com,Brown,2001-01-01\n"), RowVerdict::updated),
            1U);

  const Contact ann = world.roll().contacts().get("ann@example.com");
  EXPECT_EQ(ann.first_name, "Anna");
  EXPECT_EQ(std::get<std::string>(ann.properties.values().at("plan")), "pro");
  EXPECT_GT(ann.updated_at, before.updated_at);
  const Contact bob = world.roll().contacts().get("bob@example.com");
  EXPECT_EQ(bob.first_name, "Bob");
  EXPECT_EQ(bob.last_name, "Brown");
  EXPECT_EQ(std::get<std::string>(bob.properties.values().at("plan")), "free");
}

TEST_F(Import, existing_profiles_can_be_kept) {
  World world;
  import(world, "email,first_name\nada@example.com,Ada\n");
  const ImportSummary sum = import(
      world, "email,first_name,updated_at,unsubscribed\nada@example.com,Eve,2027-01-01,yes\n", {.keep_existing = true});
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").first_name, "Ada");
  EXPECT_EQ(sum.unsubscribed, 1U) << "an opt-out counts whatever becomes of the profile";
}

TEST_F(Import, columns_can_be_mapped_and_unknown_ones_refused) {
  World world;
  const std::string csv = "E-Mail address,Given,Plan\nada@example.com,Ada,pro\n";
  ImportSummary sum = import(
      world, csv, {.columns = {{"E-Mail address", "email"}, {"Given", "first_name"}}, .strict_properties = true});
  EXPECT_EQ(sum.rejected_by_reason[static_cast<std::size_t>(RejectReason::unknown_property)], 1U);
  sum = import(
      world, csv,
      {.columns = {{"E-Mail address", "email"}, {"Given", "first_name"}, {"Plan", ""}}, .strict_properties = true});
  EXPECT_EQ(rows(sum, RowVerdict::created), 1U);
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").first_name, "Ada");
}

TEST_F(Import, a_plan_changes_nothing_and_says_what_would_become_of_the_rows) {
  World world;
  const std::string path = folder_.write("contacts.csv", "email\nada@example.com\nada@example.com\n");
  ImportPlan plan = world.roll().contacts().import_file(path, {.segments = {"VIP"}});
  EXPECT_TRUE(plan.summary().dry_run);
  EXPECT_EQ(rows(plan.summary(), RowVerdict::created), 1U);
  EXPECT_EQ(rows(plan.summary(), RowVerdict::duplicate), 1U);
  EXPECT_EQ(world.roll().usage().global, 0U);
  EXPECT_TRUE(world.roll().segments().list().empty());
  plan.apply();
  EXPECT_FALSE(plan.summary().dry_run);
  EXPECT_EQ(world.roll().usage().global, 1U);
}

TEST_F(Import, what_is_stored_is_planned_against_when_somebody_asks_who_may_stop_it) {
  World world;
  import(world, "email,first_name\nada@example.com,Ada\n");
  const std::string path =
      folder_.write("contacts.csv", "email,first_name\nada@example.com,Augusta\nlater@example.com,Late\n");
  std::vector<std::string> phases;
  const auto listen = [&](const Progress& progress) {
    if (phases.empty() || phases.back() != progress.phase) phases.emplace_back(progress.phase);
    return true;
  };
  ImportPlan plan = world.roll().contacts().import_file(path, {.progress = listen});
  EXPECT_EQ(phases, (std::vector<std::string>{"read"})) << "whoever only applies does not wait for a plan";
  EXPECT_THROW((void)plan.summary([](const Progress&) { return false; }), Error);

  world.roll().contacts().add({.email = "later@example.com"});
  const ImportSummary planned = plan.summary(listen);
  EXPECT_EQ(phases, (std::vector<std::string>{"read", "plan"}));
  EXPECT_TRUE(planned.dry_run);
  EXPECT_EQ(rows(planned, RowVerdict::updated), 2U) << "one of them was stored after the file was read";
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").first_name, "Ada");
  EXPECT_EQ(rows(plan.apply(), RowVerdict::updated), 2U);
  EXPECT_EQ(world.roll().contacts().get("ada@example.com").first_name, "Augusta");
}

TEST_F(Import, the_same_properties_again_change_nothing_and_others_stay) {
  World world;
  import(world, "email,plan,city\nada@example.com,free,London\nbob@example.com,free,\n");
  EXPECT_EQ(rows(import(world, "email,city,plan\nada@example.com,London,free\nbob@example.com,,free\n"),
                 RowVerdict::unchanged),
            2U);
  EXPECT_EQ(rows(import(world, "email,plan\nada@example.com,free\nbob@example.com,free\n"), RowVerdict::unchanged), 2U);
  EXPECT_EQ(rows(import(world, "email,plan\nada@example.com,pro\n"), RowVerdict::updated), 1U);
  const std::map<std::string, PropertyValue> ada = world.roll().contacts().get("ada@example.com").properties.values();
  EXPECT_EQ(std::get<std::string>(ada.at("city")), "London");
  EXPECT_EQ(std::get<std::string>(ada.at("plan")), "pro");
}

TEST_F(Import, progress_is_told_and_a_stop_while_reading_leaves_nothing) {
  std::string csv = "email,note\n";
  for (int i = 0; i < 20000; ++i) csv += "p" + std::to_string(i) + "@example.com,some words that make the row longer\n";
  World world;
  const std::string path = folder_.write("contacts.csv", csv);
  EXPECT_THROW(world.roll().contacts().import_file(path, {.progress = [](const Progress&) { return false; }}), Error);
  std::vector<std::string> phases;
  const auto listen = [&](const Progress& progress) {
    if (phases.empty() || phases.back() != progress.phase) phases.emplace_back(progress.phase);
    EXPECT_LE(progress.done, progress.total);
    return true;
  };
  world.roll().contacts().import_file(path, {.progress = listen}).apply(listen);
  EXPECT_EQ(phases, (std::vector<std::string>{"read", "write"}));
  EXPECT_EQ(world.roll().usage().global, 20000U);
}

TEST_F(Import, a_temporary_folder_that_cannot_be_used_is_a_clear_error) {
  // The rows of this file do not fit into memory as long as the budget is what it is.
  const std::string path = folder_.path() + "/large.csv";
  {
    std::ofstream file(path);
    file << "email,note\n";
    const std::string note(4000, 'x');
    for (int i = 0; i < 40000; ++i) file << 'p' << i << "@example.com," << note << '\n';
  }
  World world;
  const char* before = std::getenv("TMPDIR");
  const std::string restored = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nonexistent", 1);
  try {
    (void)world.roll().contacts().import_file(path);
    ADD_FAILURE() << "imported";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_NE(std::string(error.what()).find("TMPDIR"), std::string::npos);
  }
  if (before == nullptr)
    ::unsetenv("TMPDIR");
  else
    ::setenv("TMPDIR", restored.c_str(), 1);
  ImportPlan plan = world.roll().contacts().import_file(path);
  EXPECT_EQ(rows(plan.apply(), RowVerdict::created), 40000U) << "spilled to the temporary folder and read back";
}

}  // namespace
