// A filter over the columns of a snapshot means whom evaluate() means, person by person.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <stdexcept>

#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"
#include "snapshot_world.hpp"

namespace mailroll::testing {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> all_columns{"email",      "email_domain", "first_name", "last_name", "created_at",
                                           "updated_at", "plan",         "city",       "mrr",       "visits",
                                           "beta",       "seen",         "\"in\""};

template <typename Work>
Error error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("there is no error");
}

class SnapshotWhereTest : public SnapshotWorld {
 protected:
  void make_people() {
    make_definitions();
    for (const auto& [key, type] : std::map<std::string, PropertyType>{{"plan", PropertyType::string},
                                                                       {"city", PropertyType::string},
                                                                       {"in", PropertyType::string},
                                                                       {"mrr", PropertyType::number},
                                                                       {"visits", PropertyType::number},
                                                                       {"beta", PropertyType::boolean},
                                                                       {"seen", PropertyType::datetime}}) {
      roll.properties().define(key, type);
    }
    for (int number = 0; number < people; ++number) {
      pass(1s);
      NewContact contact{.email = "person" + std::to_string(number) + "@" + domains[chance_() % domains.size()]};
      if (below(3) != 0) contact.first_name = texts[chance_() % texts.size()];
      if (below(3) == 0) contact.last_name = texts[chance_() % texts.size()];
      const auto put = [&](const char* key, PropertyValue value) {
        if (below(4) != 0) contact.properties.emplace(key, std::move(value));
      };
      put("plan", texts[chance_() % texts.size()]);
      put("city", texts[chance_() % texts.size()]);
      put("in", texts[chance_() % texts.size()]);
      put("mrr", static_cast<double>(below(5) * 10));
      put("visits", static_cast<double>(below(5) * 10));
      put("beta", below(2) == 0);
      put("seen", now() - std::chrono::seconds(below(200)));
      roll.contacts().add(contact);
    }
  }

  std::string one_of(std::initializer_list<const char*> all) {
    return *(all.begin() + below(static_cast<int>(all.size())));
  }
  std::string text_value() {
    return below(3) == 0 ? one_of({"plan", "city", "\"in\"", "first_name", "last_name", "email_domain", "email"})
                         : "'" + texts[chance_() % texts.size()] + "'";
  }
  std::string text_name() {
    return one_of({"plan", "city", "\"in\"", "first_name", "last_name", "email_domain", "email"});
  }
  std::string number_value() { return below(2) == 0 ? one_of({"mrr", "visits"}) : std::to_string(below(5) * 10); }
  std::string time_value() {
    return one_of({"seen", "created_at", "updated_at", "now()", "seen + 50 seconds", "now() - 1 minutes",
                   "created_at - 1 minutes", "'2026-01-01'", "now() - 100 seconds"});
  }
  std::string sign() { return one_of({" = ", " <> ", " < ", " <= ", " > ", " >= "}); }

  std::string condition() {
    switch (below(15)) {
      case 0: return text_value() + sign() + text_name();
      case 1: return text_name() + sign() + text_value();
      case 2: return number_value() + sign() + number_value();
      case 3: return "mrr" + sign() + number_value();
      case 4: return time_value() + sign() + time_value();
      case 5: return one_of({"beta", "not beta", "beta = true", "beta <> true", "true = beta", "beta = false"});
      case 6: return text_name() + one_of({" is null", " is not null"});
      case 7: return one_of({"mrr", "beta", "seen", "email"}) + one_of({" is null", " is not null"});
      case 8: return text_name() + one_of({" in (", " not in ("}) + text_value() + ", " + text_value() + ", 'pro')";
      case 9: return number_value() + one_of({" in (", " not in ("}) + number_value() + ", " + number_value() + ")";
      case 10: return number_value() + " between " + number_value() + " and " + number_value();
      case 11: return time_value() + " between " + time_value() + " and " + time_value();
      case 12: return text_name() + one_of({" like '%r%'", " like 'p_o'", " starts with 'p'", " not like '%o'"});
      case 13: return "in_segment('" + one_of({"A", "B", "C", "Nobody", "Rule"}) + "')";
      default:
        return one_of({"opted_in('", "opted_out('", "receives('"}) + some_topic().name + "')" +
               one_of({"", " or unsubscribed", " and not unsubscribed"});
    }
  }
  std::string formula(int depth) {
    const int kind = depth == 0 ? 0 : below(5);
    if (kind < 2) return condition();
    if (kind == 2) return "not (" + formula(depth - 1) + ")";
    return "(" + formula(depth - 1) + (kind == 3 ? ") and (" : ") or (") + formula(depth - 1) + ")";
  }

  static constexpr std::array<const char*, 3> domains{"example.com", "example.org", "mail.example.com"};
  const std::vector<std::string> texts{"pro", "free", "Pro", "Köln", "p%o", "proo"};
};

TEST_P(SnapshotWhereTest, means_whom_the_evaluation_of_each_person_means) {
  chance_.seed(11);
  make_people();
  live(600);
  roll.segments().create("Rule", "plan = 'pro' or mrr > 20");
  const Snapshot snapshot = roll.snapshot(all_columns);
  ASSERT_TRUE(snapshot.memory().columns > 0);
  int some = 0;
  const int rounds = GetParam() == "memory" ? 800 : 100;
  for (int round = 0; round < rounds; ++round) {
    const std::string filter = formula(3);
    // The store evaluates a dynamic segment person by person. What it refuses is refused.
    std::optional<Segment> made;
    if (outcome_of([&] { made = roll.segments().create("Same", filter); }) != "done") {
      ASSERT_EQ(outcome_of([&] { (void)snapshot.where(filter); }), "invalid:filter") << filter;
      continue;
    }
    const Segment& same = *made;
    ASSERT_EQ(snapshot.as_of(), now());
    std::vector<ContactId> expected = members(same);
    const SnapshotPeople who = snapshot.where(filter);
    ASSERT_EQ(who.size(), expected.size()) << filter;
    const TopicRef topic = round % 2 == 0 ? TopicRef(no_topic) : TopicRef(some_topic());
    ASSERT_EQ(snapshot.people(who, topic), receivers(same, topic)) << filter;
    ASSERT_EQ(shown(snapshot.count(who, topic)), shown(roll.audience(same, topic).count())) << filter;
    some += expected.empty() || expected.size() == snapshot.contacts() ? 0 : 1;
    roll.segments().remove(same);
  }
  EXPECT_GT(some, rounds / 3);
}

TEST_P(SnapshotWhereTest, people_are_sets_beside_segments_and_expressions) {
  chance_.seed(3);
  make_people();
  live(400);
  const Snapshot snapshot = roll.snapshot({"plan", "mrr"});
  const SnapshotPeople pro = snapshot.where("plan = 'pro'");
  const SnapshotPeople rich = snapshot.where("mrr > 10");
  const SnapshotPeople in_a = snapshot.meant("A | B");
  EXPECT_EQ(shown(snapshot.count(in_a, topics[0])), shown(snapshot.count("A | B", topics[0])));
  EXPECT_EQ(snapshot.people(in_a, topics[0]), snapshot.people("A | B", topics[0]));
  EXPECT_EQ(snapshot.sample(in_a, topics[0], 7, 1), snapshot.sample("A | B", topics[0], 7, 1));
  EXPECT_EQ((pro & rich).size(), snapshot.where("plan = 'pro' and mrr > 10").size());
  EXPECT_EQ((pro | rich).size(), snapshot.where("plan = 'pro' or mrr > 10").size());
  EXPECT_EQ((pro - rich).size(), pro.size() - (pro & rich).size());
  EXPECT_GT((pro & in_a).size(), 0U);
  EXPECT_EQ((pro & in_a).size(), snapshot.where("plan = 'pro' and (in_segment('A') or in_segment('B'))").size());
  EXPECT_EQ((pro - in_a).said(), "(plan = 'pro') - (A | B)");
  const std::vector<SnapshotPeople> all{pro, in_a};
  const SegmentOverlap overlap = snapshot.overlap_of(all);
  EXPECT_EQ(overlap.segments, (std::vector<std::string>{"plan = 'pro'", "A | B"}));
  EXPECT_EQ(overlap.pairs, (std::vector{pro.size(), (pro & in_a).size(), (in_a & pro).size(), in_a.size()}));
}

TEST_P(SnapshotWhereTest, columns_are_of_the_moment_of_the_snapshot) {
  chance_.seed(4);
  make_people();
  const Snapshot snapshot = roll.snapshot({"plan"});
  const std::uint64_t before = snapshot.where("plan = 'pro'").size();
  roll.contacts().add({.email = "later@example.com", .properties = {{"plan", std::string("pro")}}});
  EXPECT_EQ(snapshot.where("plan = 'pro'").size(), before);
  const Refreshed refreshed = roll.refresh(snapshot);
  EXPECT_TRUE(refreshed.reloaded);
  EXPECT_EQ(refreshed.snapshot.where("plan = 'pro'").size(), before + 1);
}

TEST_P(SnapshotWhereTest, what_was_not_loaded_is_an_error_and_never_an_empty_answer) {
  make_people();
  EXPECT_EQ(roll.snapshot().memory().columns, 0U);
  EXPECT_EQ(error_of([&] { (void)roll.snapshot().where("plan = 'pro'"); }).details().at("reason"), "not_loaded");
  const Snapshot snapshot = roll.snapshot({"plan"});
  const Error error = error_of([&] { (void)snapshot.where("plan = 'pro' and mrr > 10"); });
  EXPECT_EQ(error.details().at("reason"), "not_loaded");
  EXPECT_EQ(error.details().at("column"), "18");
  const Error in_json = error_of([&] { (void)snapshot.where(R"({"gt":[{"prop":"mrr"},10]})"); });
  EXPECT_EQ(in_json.details().at("reason"), "not_loaded");
  EXPECT_EQ(in_json.details().at("path"), "/gt/0");
  EXPECT_EQ(error_of([&] { (void)snapshot.where("plam = 'pro'"); }).details().at("reason"), "filter");
  EXPECT_EQ(error_of([&] { (void)roll.snapshot({"plam"}); }).details().at("reason"), "filter");
  for (const char* name : {"plan is null or mrr", "created_at + 1 days", "", "'x'"}) {
    EXPECT_EQ(error_of([&] { (void)roll.snapshot({name}); }).kind(), ErrorKind::invalid) << name;
  }
  // What filters ask about segments and consent needs no column.
  EXPECT_EQ(roll.snapshot(std::vector<std::string>{}).where("not in_segment('A')").size(), snapshot.contacts());
  const SnapshotPeople others = roll.snapshot({"plan"}).where("plan = 'pro'");
  EXPECT_EQ(error_of([&] { (void)snapshot.count(others, no_topic); }).details().at("reason"), "other_snapshot");
  EXPECT_EQ(error_of([&] { (void)(others & snapshot.meant("A")); }).details().at("reason"), "other_snapshot");
}

TEST_P(SnapshotWhereTest, of_nobody_and_of_whole_words_of_bits) {
  roll.properties().define("plan", PropertyType::string);
  EXPECT_EQ(roll.snapshot({"plan", "email"}).where("not (plan = 'pro') or plan is null").size(), 0U);
  for (int number = 0; number < 64; ++number) {
    roll.contacts().add({.email = "person" + std::to_string(number) + "@example.com"});
  }
  const Snapshot snapshot = roll.snapshot({"plan", "email"});
  EXPECT_EQ(snapshot.where("plan is null").size(), 64U);
  EXPECT_EQ(snapshot.where("not (email = 'person1@example.com')").size(), 63U);
  EXPECT_EQ(snapshot.where("plan = 'pro' or not (plan = 'pro')").size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Stores, SnapshotWhereTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
