// Filters: what a text means, where it is wrong, and that what is printed is read again.
#include "mailroll/audience/filter.hpp"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"

namespace mailroll {
namespace {

class FilterTest : public ::testing::Test {
 protected:
  FilterTest() {
    for (const auto& [key, type] : std::map<std::string, PropertyType>{{"plan", PropertyType::string},
                                                                       {"city", PropertyType::string},
                                                                       {"2nd", PropertyType::string},
                                                                       {"visits", PropertyType::number},
                                                                       {"beta", PropertyType::boolean},
                                                                       {"seen", PropertyType::datetime}}) {
      properties_.push_back({.key = key, .type = type, .fallback = {}, .created_at = {}});
    }
    Segment vip;
    vip.number = SegmentNumber{1};
    vip.id.bytes[0] = 1;
    vip.name = "VIP";
    segments_.push_back(vip);
    Topic news;
    news.number = TopicNumber{2};
    news.id.bytes[0] = 2;
    news.name = "News";
    news.default_subscription = Subscription::opt_in;
    topics_.push_back(news);
    Contact contact;
    contact.email = "Ada@example.com";
    contact.first_name = "Ada";
    contact.created_at = *parse_time("2026-01-10T00:00:00Z");
    contact.updated_at = *parse_time("2026-02-01T00:00:00Z");
    contact.properties = Properties({{"plan", std::string("pro")},
                                     {"city", std::string("Köln")},
                                     {"visits", 7.0},
                                     {"beta", false},
                                     {"seen", *parse_time("2026-02-20T12:00:00Z")}});
    person_.contact = contact;
    person_.segments = {SegmentNumber{1}};
  }

  [[nodiscard]] FilterNames names() const {
    return {.properties = properties_, .segments = segments_, .topics = topics_};
  }

  /// Also of what is printed of it, before and after the check.
  Truth of(const std::string& text) {
    const Filter filter = check_filter(parse_filter(text), names());
    const Truth truth = evaluated(filter);
    EXPECT_EQ(evaluated(check_filter(parse_filter(to_string(parse_filter(text))), names())), truth) << text;
    EXPECT_EQ(evaluated(check_filter(parse_filter(to_string(filter)), names())), truth) << text;
    EXPECT_EQ(to_string(parse_filter(to_string(filter))), to_string(filter)) << text;
    return truth;
  }

  Truth evaluated(const Filter& filter) {
    const FilterSubject subject{.person = person_,
                                .now = *parse_time("2026-03-01T00:00:00Z"),
                                .topics = topics_,
                                .in_segment = [](SegmentNumber n) { return n == SegmentNumber{1}; }};
    return evaluate(filter, subject);
  }

  std::string column_of(const std::string& text) {
    try {
      (void)check_filter(parse_filter(text), names());
    } catch (const Error& error) {
      EXPECT_EQ(error.reason(), "filter");
      said_ = error.what();
      return error.details().at("column");
    }
    return "none";
  }

  std::vector<PropertyDefinition> properties_;
  std::vector<Segment> segments_;
  std::vector<Topic> topics_;
  Person person_;
  std::string said_;
};

TEST_F(FilterTest, compares_fields_properties_numbers_times_and_texts) {
  for (const char* text : {"plan = 'pro'",
                           "plan != 'free'",
                           "plan <> 'free'",
                           "visits > 6",
                           "visits >= 7",
                           "visits < 7.5",
                           "visits = 7e0",
                           "not beta",
                           "beta = false",
                           "created_at >= '2026-01-10'",
                           "created_at < '2026-01-10T00:00:01Z'",
                           "seen > now() - 30 days",
                           "created_at < now() - 7 weeks",
                           "seen + 2 weeks > now()",
                           "email_domain = 'example.com'",
                           "first_name = 'Ada'",
                           "plan in ('free', 'pro')",
                           "visits not in (1, 2)",
                           "visits between 7 and 9",
                           "created_at between '2026-01-01' and '2026-01-31'",
                           "in_segment('VIP')",
                           "receives('News')",
                           "not opted_in('News')",
                           "not opted_out('News')",
                           "not unsubscribed",
                           "\"2nd\" is null",
                           "plan is not null",
                           "plan = 'x' or visits = 7 and city = 'Köln'",
                           "(plan = 'x' or visits = 7) and city = 'Köln'",
                           "PLAN is null or plan = 'pro'"}) {
    if (std::string(text).starts_with("PLAN")) {
      EXPECT_EQ(column_of(text), "1") << "keys are case-sensitive";
    } else {
      EXPECT_EQ(of(text), Truth::yes) << text;
    }
  }
  for (const char* text : {"plan = 'Pro'", "visits > 7", "beta", "created_at > now()", "email = 'ada@example.com'",
                           "plan not in ('pro')", "visits between 8 and 9", "city is null", "unsubscribed"}) {
    EXPECT_EQ(of(text), Truth::no) << text;
  }
}

TEST_F(FilterTest, patterns_are_letter_by_letter_and_exact) {
  for (const char* text : {"city like 'K%'", "city like 'K_ln'", "city like '%'", "city like '%ö%'", "city like 'Köln'",
                           "city starts with 'Kö'", "email like '%@example.com'", "city not like 'k%'"}) {
    EXPECT_EQ(of(text), Truth::yes) << text;
  }
  for (const char* text : {"city like 'k%'", "city like 'K__ln'", "city like 'K'", "city like '\\%'", "city like ''",
                           "city starts with 'ö'"}) {
    EXPECT_EQ(of(text), Truth::no) << text;
  }
  person_.contact->properties = Properties({{"city", std::string("100%_a\\b")}});
  EXPECT_EQ(of("city like '100\\%\\_a\\\\b'"), Truth::yes);
  EXPECT_EQ(of("city like '%\\_a%'"), Truth::yes);
  EXPECT_EQ(of("city like '1\\%%'"), Truth::no);
}

TEST_F(FilterTest, nothing_is_known_of_what_is_not_there) {
  for (const char* text : {"\"2nd\" = 'x'", "\"2nd\" != 'x'", "not \"2nd\" = 'x'", "\"2nd\" in ('x')",
                           "\"2nd\" not in ('x')", "last_name like '%'", "last_name = last_name",
                           "\"2nd\" = 'x' and plan = 'pro'", "\"2nd\" = 'x' or plan = 'free'"}) {
    EXPECT_EQ(of(text), Truth::unknown) << text;
  }
  EXPECT_EQ(of("\"2nd\" = 'x' or plan = 'pro'"), Truth::yes);
  EXPECT_EQ(of("\"2nd\" = 'x' and plan = 'free'"), Truth::no);
  EXPECT_EQ(of("last_name is null"), Truth::yes) << "a name that is empty is not there";
}

TEST_F(FilterTest, an_error_points_at_its_column_and_says_the_nearest_name) {
  EXPECT_EQ(column_of("plann = 'pro'"), "1");
  EXPECT_NE(said_.find("did you mean 'plan'?"), std::string::npos) << said_;
  EXPECT_EQ(column_of("plan = 'pro' and creatd_at > now()"), "18");
  EXPECT_NE(said_.find("did you mean 'created_at'?"), std::string::npos) << said_;
  EXPECT_EQ(column_of("in_segment('VIPP')"), "12");
  EXPECT_NE(said_.find("did you mean 'VIP'?"), std::string::npos) << said_;
  EXPECT_EQ(column_of("visits > 'many'"), "10");
  EXPECT_EQ(column_of("plan = 5"), "8");
  EXPECT_EQ(column_of("created_at > '2026-02-30'"), "14");
  EXPECT_EQ(column_of("beta > true"), "6");
  EXPECT_EQ(column_of("plan"), "1");
  EXPECT_EQ(column_of("plan = null"), "8");
  EXPECT_EQ(column_of("visits like '7'"), "1");
  EXPECT_EQ(column_of("city like 'a\\'"), "11");
  EXPECT_EQ(column_of("visits + 3 days > 5"), "1");
  EXPECT_EQ(column_of("email_domain = 'Example.com'"), "16");
  EXPECT_EQ(column_of("2nd = 'x'"), "1");
}

TEST_F(FilterTest, what_is_no_filter_is_refused_where_it_begins_to_be_none) {
  for (const auto& [text, column] : std::map<std::string, std::string>{{"", "1"},
                                                                       {"plan =", "7"},
                                                                       {"plan = 'pro", "8"},
                                                                       {"plan = 'pro' visits = 7", "14"},
                                                                       {"(plan = 'pro'", "14"},
                                                                       {"plan = 'pro')", "13"},
                                                                       {"plan in ()", "10"},
                                                                       {"plan between 1", "15"},
                                                                       {"plan is 5", "9"},
                                                                       {"not", "4"},
                                                                       {"plan = 'Köln' § 5", "15"},
                                                                       {"seen > now() - 3 months", "18"},
                                                                       {"seen > now() - 1.5 days", "16"},
                                                                       {"in_segment(VIP)", "12"},
                                                                       {"plan = 1e999", "8"},
                                                                       {"plan = ';drop'; --", "15"}}) {
    EXPECT_EQ(column_of(text), column) << text;
  }
  EXPECT_EQ(column_of(std::string(101, '(') + "beta" + std::string(101, ')')), "102");
  std::string deep;
  for (int n = 0; n < 101; ++n) deep += "not ";
  EXPECT_NE(column_of(deep + "beta"), "none");
  EXPECT_EQ(column_of(deep.substr(4) + "beta"), "none");
}

TEST_F(FilterTest, ids_stand_for_names_once_it_is_checked) {
  const Filter checked = check_filter(parse_filter("in_segment('VIP') and opted_in('News')"), names());
  EXPECT_EQ(to_string(checked),
            "in_segment('" + to_string(segments_[0].id) + "') and opted_in('" + to_string(topics_[0].id) + "')");
  EXPECT_EQ(to_string(with_names(checked, names())), "in_segment('VIP') and opted_in('News')");
}

/// The second model: a formula that the test builds beside the text, with its own three values.
struct Known {
  std::string text;
  int value;  ///< 0 no, 1 unknown, 2 yes
};

Known random_known(std::mt19937& dice, int depth) {
  static const std::vector<Known> leaves{
      {"plan = 'pro'", 2},    {"visits > 100", 0}, {"\"2nd\" = 'x'", 1},    {"beta", 0},
      {"last_name > 'a'", 1}, {"city is null", 0}, {"visits in (1, 7)", 2}, {"seen < now() - 1 day", 2},
      {"\"2nd\" like '%'", 1}};
  const auto kind = depth == 0 ? 0 : dice() % 4;
  if (kind == 0) return leaves[dice() % leaves.size()];
  const Known left = random_known(dice, depth - 1);
  if (kind == 1) return {"not (" + left.text + ")", 2 - left.value};
  const Known right = random_known(dice, depth - 1);
  if (kind == 2) return {"(" + left.text + ") and (" + right.text + ")", std::min(left.value, right.value)};
  return {"(" + left.text + ") or (" + right.text + ")", std::max(left.value, right.value)};
}

TEST_F(FilterTest, random_formulas_are_what_a_second_model_says) {
  std::mt19937 dice(5);
  for (int round = 0; round < 3000; ++round) {
    const Known known = random_known(dice, 6);
    const Truth expected = known.value == 2 ? Truth::yes : known.value == 1 ? Truth::unknown : Truth::no;
    ASSERT_EQ(of(known.text), expected) << known.text;
  }
}

}  // namespace
}  // namespace mailroll
