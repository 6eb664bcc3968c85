// The use cases, through the public surface alone, on every store that is linked in.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "mailroll/mailroll.hpp"

namespace {

using namespace mailroll;

/// A clock that the test moves by hand.
struct TestClock {
  Time now = *parse_time("2026-03-01T12:00:00Z");
  Clock clock() {
    return [this] { return now; };
  }
};

class RollTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("mailroll-roll-" + to_string(make_uuid_v7(system_now())));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string url() const {
    return GetParam() == "memory" ? "memory://" : "sqlite:///" + (folder_ / "roll.db").string();
  }
  Roll open_as(Actor actor) {
    return mailroll::open(url(), {.team = "default", .actor = actor, .key_file = "", .clock = time_.clock()});
  }

  std::filesystem::path folder_;
  TestClock time_;
};

/// What needs a store that can be opened twice, which memory:// cannot.
class LastingRollTest : public RollTest {};

template <typename Act>
std::string reason_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return std::string(to_string(error.kind())) + ":" + error.reason();
  }
  return "done";
}

TEST_P(RollTest, one_address_in_any_spelling_is_one_contact) {
  Roll roll = open_as(Actor::api);
  bool created = false;
  const Contact first = roll.contacts().add({.email = "Ada.Lovelace@Example.com"}, &created);
  EXPECT_TRUE(created);
  const Contact second = roll.contacts().add({.email = "ada.lovelace@EXAMPLE.com", .first_name = "Ada"}, &created);
  EXPECT_FALSE(created);
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(second.email, "Ada.Lovelace@example.com") << "mail goes to the spelling first given";
  EXPECT_EQ(roll.usage().global, 1U);
}

TEST_P(RollTest, creating_an_existing_contact_changes_only_what_is_given_and_never_permission) {
  Roll roll = open_as(Actor::api);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com", .first_name = "Ada", .last_name = "Lovelace"});
  roll.unsubscribe("ada@example.com", everything);
  const Contact again = roll.contacts().add({.email = "ada@example.com", .last_name = "King"});
  EXPECT_EQ(again.first_name, "Ada");
  EXPECT_EQ(again.last_name, "King");
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::unsubscribed);
}

TEST_P(RollTest, whoever_left_everything_comes_back_with_their_choices_as_they_were) {
  Roll roll = open_as(Actor::api);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Topic beta = roll.topics().create({.name = "Beta", .default_subscription = Subscription::opt_out});
  roll.contacts().add({.email = "ada@example.com"});
  roll.unsubscribe("ada@example.com", news);
  roll.resubscribe("ada@example.com", "Beta");
  roll.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(roll.explain("ada@example.com", beta).reason, Reason::unsubscribed);
  roll.resubscribe("ada@example.com", everything);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.explain("ada@example.com", beta).reason, Reason::topic_opted_in);
}

TEST_P(LastingRollTest, the_api_cannot_lift_what_the_person_said_and_staff_only_with_a_written_reason) {
  Roll api = open_as(Actor::api);
  Roll staff = open_as(Actor::operator_);
  const Topic news = api.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  api.contacts().add({.email = "ada@example.com"});
  staff.unsubscribe("ada@example.com", news, {.by = Actor::person, .evidence = {.note = "phoned on Monday"}});
  EXPECT_EQ(reason_of([&] { api.resubscribe("ada@example.com", news); }), "refused:person_opted_out");
  EXPECT_EQ(reason_of([&] { staff.resubscribe("ada@example.com", news); }), "refused:person_opted_out");
  EXPECT_EQ(api.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  const auto event = staff.resubscribe("ada@example.com", news, {.override_reason = "asked for it in writing"});
  ASSERT_TRUE(event);
  EXPECT_EQ(event->reason, "asked for it in writing");
  EXPECT_EQ(api.explain("ada@example.com", news).reason, Reason::topic_opted_in);
  const Segment all = api.segments().create("All");
  api.segments().add(all, {"ada@example.com"});
  EXPECT_EQ(api.audience(all, news).count().by_override, 1U);
}

TEST_P(RollTest, an_opt_out_recorded_as_the_persons_needs_evidence) {
  Roll roll = open_as(Actor::operator_);
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(reason_of([&] { roll.unsubscribe("ada@example.com", everything, {.by = Actor::person}); }),
            "invalid:evidence_missing");
}

TEST_P(RollTest, opt_outs_outlive_the_contact_and_hold_when_the_address_comes_back) {
  Roll roll = open_as(Actor::api);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Topic beta = roll.topics().create({.name = "Beta", .default_subscription = Subscription::opt_out});
  roll.subscribe("ada@example.com", beta);
  roll.unsubscribe("ada@example.com", news);
  time_.now += std::chrono::seconds(1);
  roll.contacts().remove("ada@example.com");
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::not_found);
  EXPECT_EQ(roll.explain("ada@example.com", news).event->action, Action::removed);
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.explain("ada@example.com", beta).reason, Reason::topic_default_opt_out) << "the opt-in ended";
}

TEST_P(RollTest, deleting_a_topic_or_a_segment_never_raises_permission) {
  Roll roll = open_as(Actor::api);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Topic other = roll.topics().create({.name = "Other", .default_subscription = Subscription::opt_in});
  const Segment segment = roll.segments().create("All");
  roll.contacts().add({.email = "ada@example.com", .segments = {segment}});
  roll.unsubscribe("ada@example.com", news);
  roll.unsubscribe("ada@example.com", everything);
  roll.topics().remove(news);
  roll.segments().remove(segment);
  EXPECT_EQ(roll.explain("ada@example.com", other).reason, Reason::unsubscribed);
  EXPECT_EQ(reason_of([&] { (void)roll.explain("ada@example.com", news); }), "not_found:topic_not_found");
  EXPECT_TRUE(roll.check().ok());
  EXPECT_EQ(roll.events().list("ada@example.com").size(), 2U) << "the proof stays";
  // A new topic of the same name is another topic: nobody's old choice is taken for a choice about it.
  const Topic again = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  EXPECT_NE(again.number, news.number);
}

TEST_P(RollTest, a_clock_that_goes_back_does_not_swallow_an_opt_out) {
  Roll roll = open_as(Actor::api);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  roll.subscribe("ada@example.com", news);
  time_.now -= std::chrono::hours(5);
  roll.unsubscribe("ada@example.com", news);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
}

TEST_P(RollTest, leaving_twice_is_one_event) {
  Roll roll = open_as(Actor::api);
  roll.contacts().add({.email = "ada@example.com"});
  const ConsentEvent first = roll.unsubscribe("ada@example.com", everything);
  time_.now += std::chrono::seconds(5);
  EXPECT_EQ(roll.unsubscribe("ada@example.com", everything), first);
  EXPECT_EQ(roll.events().list("ada@example.com").size(), 1U);
}

TEST_P(RollTest, an_address_without_a_profile_can_leave_and_is_out_when_it_is_added_later) {
  Roll roll = open_as(Actor::api);
  roll.unsubscribe("ada@example.com", everything);
  roll.contacts().add({.email = "Ada@example.com"});
  EXPECT_EQ(roll.explain("ada@example.com", no_topic).reason, Reason::unsubscribed);
}

TEST_P(RollTest, a_complaint_suppresses_and_opts_out_for_good) {
  Roll roll = open_as(Actor::operator_);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com"});
  roll.suppressions().add("ada@example.com", SuppressionReason::complaint);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::suppressed_complaint);
  EXPECT_EQ(roll.explain_transactional("ada@example.com").reason, Reason::suppressed_complaint);
  time_.now += std::chrono::seconds(1);
  roll.suppressions().remove("ada@example.com", {}, "their mail program sends complaints for everything");
  EXPECT_EQ(roll.explain_transactional("ada@example.com").reason, Reason::transactional);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::unsubscribed);
  EXPECT_EQ(reason_of([&] { roll.resubscribe("ada@example.com", everything); }), "refused:person_opted_out");
  EXPECT_TRUE(roll.suppressions().list({}, 10).empty());
}

TEST_P(RollTest, a_suppressed_address_need_not_be_a_contact) {
  Roll roll = open_as(Actor::api);
  roll.suppressions().add("Ghost@example.com", SuppressionReason::bounce);
  ASSERT_EQ(roll.suppressions().list({}, 10).size(), 1U);
  EXPECT_EQ(roll.suppressions().list({}, 10).front().email, "Ghost@example.com");
  roll.contacts().add({.email = "ghost@example.com"});
  EXPECT_EQ(roll.explain("ghost@example.com", no_topic).reason, Reason::suppressed_bounce);
}

TEST_P(RollTest, counts_by_reason_add_up_and_the_list_is_who_receives) {
  Roll roll = open_as(Actor::operator_);
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Segment all = roll.segments().create("All");
  std::set<std::string> expected;
  for (int n = 0; n < 100; ++n) {
    const std::string email = "p" + std::to_string(n) + "@example.com";
    roll.contacts().add({.email = email, .segments = {all}});
    if (n % 10 == 0)
      roll.unsubscribe(email, everything);
    else if (n % 10 == 1)
      roll.unsubscribe(email, news);
    else if (n % 10 == 2)
      roll.suppressions().add(email, SuppressionReason::bounce);
    else
      expected.insert(email);
  }
  const Audience audience = roll.audience("All", "News");
  const Counts counts = audience.count();
  EXPECT_EQ(counts.members, 100U);
  EXPECT_EQ(counts.receives, 70U);
  EXPECT_EQ(counts[Reason::unsubscribed], 10U);
  EXPECT_EQ(counts[Reason::topic_opted_out], 10U);
  EXPECT_EQ(counts[Reason::suppressed_bounce], 10U);
  EXPECT_EQ(counts[Reason::topic_default_opt_in], 70U);
  std::set<std::string> listed;
  ContactId last;
  for (const Recipient& person : audience) {
    EXPECT_LT(last, person.id);
    last = person.id;
    listed.insert(person.email);
  }
  EXPECT_EQ(listed, expected);
  std::size_t in_parts = 0;
  for (int part = 1; part <= 3; ++part) {
    for (const Recipient& person : audience.partition(part, 3)) in_parts += listed.count(person.email);
  }
  EXPECT_EQ(in_parts, 70U);
  std::size_t in_pages = 0;
  std::optional<ContactId> after;
  for (auto page = audience.page(after, 7); !page.empty(); page = audience.page(after, 7)) {
    in_pages += page.size();
    after = page.back().id;
  }
  EXPECT_EQ(in_pages, 70U);
}

TEST_P(RollTest, a_name_that_several_segments_bear_is_an_error_that_lists_their_ids) {
  Roll roll = open_as(Actor::api);
  const Segment one = roll.segments().create("Twins");
  const Segment two = roll.segments().create("Twins");
  try {
    (void)roll.audience("Twins", no_topic);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::conflict);
    EXPECT_EQ(error.details().at("ids"), to_string(one.id) + " " + to_string(two.id));
  }
  EXPECT_EQ(roll.audience(two, no_topic).segment(), two);
}

TEST_P(RollTest, adding_an_unknown_contact_to_a_segment_changes_nothing) {
  Roll roll = open_as(Actor::api);
  roll.contacts().add({.email = "ada@example.com"});
  const Segment segment = roll.segments().create("VIP");
  EXPECT_EQ(reason_of([&] {
              roll.segments().add(segment, {"ada@example.com", "bob@example.com"});
            }),
            "not_found:contact_not_found");
  EXPECT_EQ(roll.segments().count(segment), 0U);
  EXPECT_EQ(roll.segments().add(segment, {"ada@example.com", "ADA@example.com"}), 1U);
  EXPECT_EQ(roll.segments().take_out(segment, {"ada@example.com"}), 1U);
}

TEST_P(RollTest, a_property_is_of_its_type_and_goes_with_its_definition) {
  Roll roll = open_as(Actor::api);
  roll.properties().define("plan", PropertyType::string);
  EXPECT_EQ(reason_of([&] {
              roll.contacts().add({.email = "a@example.com", .properties = {{"age", 3.0}}});
            }),
            "invalid:unknown_property");
  EXPECT_EQ(reason_of([&] {
              roll.contacts().add({.email = "a@example.com", .properties = {{"plan", 3.0}}});
            }),
            "invalid:value_type");
  EXPECT_FALSE(roll.contacts().find("a@example.com")) << "nothing half-applied";
  roll.contacts().add({.email = "a@example.com", .properties = {{"plan", "pro"}}});
  EXPECT_EQ(reason_of([&] { roll.properties().define("plan", PropertyType::number); }), "conflict:property_type");
  roll.properties().remove("plan");
  EXPECT_TRUE(roll.contacts().get("a@example.com").properties.empty());
}

TEST_P(RollTest, an_export_has_the_columns_that_import_reads_and_every_contact_once) {
  Roll roll = open_as(Actor::api);
  roll.properties().define("plan", PropertyType::string);
  roll.properties().define("logins", PropertyType::number);
  const Segment vip = roll.segments().create("VIP");
  roll.contacts().add({.email = "a@example.com", .first_name = "Ann, \"A\"", .properties = {{"logins", 3.0}}});
  roll.contacts().add({.email = "b@example.com", .properties = {{"plan", "pro"}}, .segments = {vip}});
  roll.unsubscribe("b@example.com", everything);
  std::string csv;
  EXPECT_EQ(roll.contacts().export_to([&](std::string_view piece) { csv += piece; }, ExportFormat::csv), 2U);
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "id,email,first_name,last_name,unsubscribed,created_at,updated_at,logins,plan");
  EXPECT_NE(csv.find(",a@example.com,\"Ann, \"\"A\"\"\",,false,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",3,\n"), std::string::npos) << csv;
  std::string lines;
  EXPECT_EQ(roll.contacts().export_to([&](std::string_view piece) { lines += piece; }, ExportFormat::ndjson, vip), 1U);
  EXPECT_NE(lines.find("\"email\":\"b@example.com\""), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"unsubscribed\":true"), std::string::npos) << lines;
  EXPECT_NE(lines.find("\"properties\":{\"plan\":\"pro\"}"), std::string::npos) << lines;
  EXPECT_EQ(reason_of([&] { roll.properties().define("First_Name", PropertyType::string); }), "invalid:reserved_key");
}

TEST_P(RollTest, errors_never_repeat_an_address) {
  Roll roll = open_as(Actor::api);
  for (const char* text :
       {"secret.person@", "secret person@example.com", "secret.person", "secret.person@example.com"}) {
    try {
      (void)roll.contacts().get(text);
      FAIL();
    } catch (const Error& error) {
      std::string all = error.what();
      for (const auto& [key, value] : error.details()) all += key + value;
      EXPECT_EQ(all.find("secret"), std::string::npos) << all;
    }
  }
}

TEST_P(RollTest, check_finds_nothing_after_any_of_this) {
  Roll roll = open_as(Actor::operator_);
  const Topic news = roll.topics().create({.name = "News"});
  roll.subscribe("ada@example.com", news);
  roll.unsubscribe("ada@example.com", everything);
  roll.contacts().remove("ada@example.com");
  roll.contacts().add({.email = "ada@example.com"});
  const CheckReport report = roll.check();
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.people, 1U);
}

TEST_P(LastingRollTest, a_reopened_store_keeps_ids_and_permission) {
  ContactId id;
  {
    Roll roll = open_as(Actor::api);
    id = roll.contacts().add({.email = "ada@example.com"}).id;
    roll.unsubscribe(id, everything);
  }
  Roll roll = open_as(Actor::api);
  EXPECT_EQ(roll.contacts().get("ada@example.com").id, id);
  EXPECT_EQ(roll.explain("ada@example.com", no_topic).reason, Reason::unsubscribed);
}

TEST_P(LastingRollTest, teams_share_nothing) {
  Roll first = open_as(Actor::api);
  first.teams().create("Second");
  Roll second = mailroll::open(url(), {.team = "Second"});
  const ContactId in_first = first.contacts().add({.email = "ada@example.com"}).id;
  EXPECT_FALSE(second.contacts().find("ada@example.com"));
  EXPECT_NE(second.contacts().add({.email = "ada@example.com"}).id, in_first);
  EXPECT_EQ(reason_of([&] { (void)mailroll::open(url(), {.team = "Third"}); }), "not_found:team_not_found");
}

std::vector<std::string> stores(bool lasting) {
  std::vector<std::string> schemes;
  for (const Backend& backend : backends()) {
    if (!lasting || backend.scheme != "memory") schemes.push_back(backend.scheme);
  }
  return schemes;
}
const auto name_of = [](const auto& each) { return each.param; };
INSTANTIATE_TEST_SUITE_P(stores, RollTest, testing::ValuesIn(stores(false)), name_of);
INSTANTIATE_TEST_SUITE_P(stores, LastingRollTest, testing::ValuesIn(stores(true)), name_of);

}  // namespace
