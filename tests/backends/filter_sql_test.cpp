// What filters are said as: the text of each engine, and what is left to the core. tests/architecture/test_statements.py reads
// the same texts, as they stand in tests/data/filter_statements.txt.
#include "sql/filter_sql.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "mailroll/audience/filter.hpp"
#include "source_folder.hpp"

namespace mailroll::detail {
namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

FilterQuery query_of(const std::string& text) {
  const std::vector<PropertyDefinition> properties = {{"plan", PropertyType::string, {}, {}},
                                                      {"visits", PropertyType::number, {}, {}},
                                                      {"beta", PropertyType::boolean, {}, {}},
                                                      {"seen", PropertyType::datetime, {}, {}}};
  const auto segment = [](int number, const char* name) {
    Segment made;
    made.number = SegmentNumber{number};
    made.id.bytes[0] = static_cast<std::uint8_t>(number);
    made.name = name;
    return made;
  };
  const std::vector<Segment> segments = {segment(1, "VIP"), segment(2, "Pro")};
  Topic news;
  news.number = TopicNumber{3};
  news.id.bytes[0] = 3;
  news.name = "News";
  news.default_subscription = Subscription::opt_in;
  const std::vector<Topic> topics = {news};
  const FilterNames names{.properties = properties, .segments = segments, .topics = topics};
  return {.filter = check_filter(parse_filter(text), names),
          .segments = {{SegmentNumber{2}, check_filter(parse_filter("plan = 'pro'"), names)}},
          .topics = topics,
          .now = now};
}

std::optional<FilterStatement> said(const Dialect& dialect, const std::string& filter, TopicNumber topic = {}) {
  CandidateQuery query;
  query.topic = topic;
  return filter_statement(dialect, TeamNumber{7}, query_of(filter), query);
}

constexpr std::array<Dialect, 3> dialects{Dialect{.name = "sqlite"}, Dialect{.name = "postgresql"},
                                          Dialect{.name = "mysql"}};

/// How much of a filter an engine is told: "all", "some" or "nothing".
std::string told(const Dialect& dialect, const std::string& filter) {
  const auto statement = said(dialect, filter);
  if (!statement) return "nothing";
  return statement->rest.empty() ? "all" : "some";
}

TEST(filter_sql, what_a_filter_says_is_bound_and_never_stands_in_the_text) {
  for (const Dialect& dialect : dialects) {
    const auto statement = said(dialect, "plan = 'odd''word' and visits != 271828 and email = 'odd@example.org'");
    ASSERT_TRUE(statement);
    EXPECT_EQ(statement->text.find("odd"), std::string::npos) << dialect.name;
    EXPECT_EQ(statement->text.find("271828"), std::string::npos) << dialect.name;
    EXPECT_EQ(statement->text.find("plan"), std::string::npos) << dialect.name;
    EXPECT_TRUE(statement->rest.empty());
  }
}

TEST(filter_sql, parts_that_must_all_be_true_are_told_where_they_can_be_and_the_core_looks_at_the_rest) {
  for (const Dialect& dialect : dialects) {
    EXPECT_EQ(told(dialect, "plan = 'pro'"), "all");
    EXPECT_EQ(told(dialect, "plan = 'pro' and first_name like 'A%'"), "some");
    EXPECT_EQ(told(dialect, "in_segment('Pro') and first_name like 'A%'"), "some");
    EXPECT_EQ(told(dialect, "first_name like 'A%'"), "nothing");
    EXPECT_EQ(told(dialect, "plan = 'pro' and (first_name like 'A%' or opted_in('News'))"), "nothing");
  }
  EXPECT_EQ(told(dialects[0], "visits > 3 and beta"), "some") << "SQLite does not read every decimal exactly";
  EXPECT_EQ(told(dialects[1], "visits > 3 and beta"), "all");
  EXPECT_EQ(told(dialects[2], "visits > 3 and beta"), "all");
}

TEST(filter_sql, under_or_and_not_all_is_told_or_nothing) {
  for (const Dialect& dialect : dialects) {
    EXPECT_EQ(told(dialect, "plan = 'pro' or receives('News')"), "all");
    EXPECT_EQ(told(dialect, "plan = 'pro' or first_name like 'A%'"), "nothing");
    EXPECT_EQ(told(dialect, "beta and not (plan = 'pro' and first_name like 'A%')"), "some");
    EXPECT_EQ(told(dialect, "not (plan = 'pro' and in_segment('VIP'))"), "all");
  }
}

TEST(filter_sql, a_filter_that_would_be_too_long_for_an_engine_is_the_cores) {
  std::string filter = "plan = 'p'";
  for (int n = 0; n < 400; ++n) filter += " or plan = 'p" + std::to_string(n) + "'";
  for (const Dialect& dialect : dialects) EXPECT_EQ(told(dialect, filter), "nothing");
}

TEST(filter_sql, the_texts_are_those_that_are_read_by_the_rules_for_statements) {
  std::ostringstream made;
  for (const Dialect& dialect : dialects) {
    for (const char* filter :
         {"plan = 'pro' and visits != 3", "not (plan = 'pro' or beta)", "visits between 1 and 2 and visits in (1, 2)",
          "seen > now() - 30 days and created_at < '2026-01-01'", "email_domain = 'example.org' and last_name is null",
          "in_segment('VIP') and not in_segment('Pro')", "receives('News') or opted_out('News') or unsubscribed",
          "first_name starts with 'A' and plan starts with 'p' and email like '%x'"}) {
      const auto statement = said(dialect, filter, TopicNumber{3});
      ASSERT_TRUE(statement) << filter;
      made << "-- " << dialect.name << ": " << filter << "\n" << statement->text << "\n\n";
    }
  }
  const auto path = tests::source_folder() / "tests/data/filter_statements.txt";
  std::ifstream file(path);
  std::ostringstream kept;
  kept << file.rdbuf();
  if (kept.str() == made.str()) return;
  const auto now_made = std::filesystem::temp_directory_path() / "filter_statements.txt";
  std::ofstream(now_made) << made.str();
  ADD_FAILURE() << "the texts have changed; if that is meant, copy " << now_made << " to tests/data";
}

}  // namespace
}  // namespace mailroll::detail
