// Every statement of backends/sql/statements, read from the headers themselves so that none is forgotten: SQLite
// answers each by a key. What they may say is checked in tests/architecture/test_statements.py.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "backends/raw_sqlite.hpp"
#include "backends/temporary_folder.hpp"
#include "mailroll/store/registry.hpp"
#include "source_folder.hpp"

namespace mailroll {
namespace {

struct NamedStatement {
  std::string name;
  std::string dialect;  // "" where every engine reads it
  std::string text;
};

/// With SQLite's words put in.
std::string filled(std::string text) {
  for (const std::string word : {"{id ", "{blob "}) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word)) {
      const auto end = text.find('}', at);
      text.replace(at, end - at + 1, "cast(" + text.substr(at + word.size(), end - at - word.size()) + " AS blob)");
    }
  }
  return text;
}

std::vector<NamedStatement> all_statements() {
  std::vector<NamedStatement> statements;
  const std::filesystem::path folder = tests::source_folder() / "backends/sql/statements";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    // What is said to one other engine alone.
    if (entry.path().filename() == "postgresql_sql.hpp" || entry.path().filename() == "mysql_sql.hpp") continue;
    std::ifstream file(entry.path());
    std::ostringstream read;
    read << file.rdbuf();
    const std::string text = read.str();
    const std::string opening = "R\"sql(";
    for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
      const auto begin = at + opening.size();
      // inline constexpr TYPE NAME = "...", or NAME("...", {.dialect = "..."})
      const auto type_begin = text.rfind("inline constexpr ", at) + std::string("inline constexpr ").size();
      const auto name_begin = text.find(' ', type_begin) + 1;
      const auto word_end = text.find_last_not_of(" =\n", at - 1) + 1;
      const auto word_begin = text.find_last_of(" {(.", word_end - 1) + 1;
      const bool variant = text[word_begin - 1] == '.';
      statements.push_back({text.substr(name_begin, text.find_first_of(" (", name_begin) - name_begin),
                            variant ? text.substr(word_begin, word_end - word_begin) : "",
                            filled(text.substr(begin, text.find(")sql\"", begin) - begin))});
    }
  }
  return statements;
}

TEST(statements, each_finds_its_rows_by_a_key_that_begins_with_the_team) {
  const test::TemporaryFolder folder;
  open_store(folder.store());
  test::RawSqlite raw(folder.file("roll.db"));
  std::size_t searches = 0;
  for (const auto& [name, dialect, text] : all_statements()) {
    if (!dialect.empty()) continue;
    for (const std::string& step : raw.column("EXPLAIN QUERY PLAN " + text, 3)) {
      if (name == "select_teams") continue;  // the list of all teams
      EXPECT_EQ(step.find("SCAN"), std::string::npos) << name << ": " << step;
      if (step.find("SEARCH") != std::string::npos) {
        EXPECT_NE(step.find("(team_id=?"), std::string::npos) << name << ": " << step;
        ++searches;
      }
      // Sorting is for the short list of runs; every other order is the key's.
      const bool sorts = step.find("TEMP B-TREE") != std::string::npos;
      EXPECT_EQ(sorts, name == "select_finished_runs" && step.find("ORDER BY") != std::string::npos) << name;
    }
  }
  EXPECT_GT(searches, 30U);
}

TEST(statements, those_that_insert_and_delete_have_the_shape_that_engines_without_arrays_make_many_rows_of) {
  const std::regex insertion(R"(INSERT INTO \w+ \([\w, \n]+\)\s+VALUES \([^()]+\))"
                             R"((\s+ON CONFLICT \([\w, ]+\) DO (NOTHING|UPDATE SET( |\n|,|\w+ =\s+excluded\.\w+|)"
                             R"(\w+ = CASE WHEN [\w. \n>]+ END)+))?)");
  const std::regex deletion(R"(DELETE FROM \w+ WHERE \w+ = :\w+(\s+AND \w+ = :\w+)*)");
  std::size_t found = 0;
  for (const auto& [name, dialect, text] : all_statements()) {
    if (!dialect.empty() || name == "delete_oldest_changes") continue;  // which one row says for many
    if (text.starts_with("DELETE")) {
      EXPECT_TRUE(std::regex_match(text, deletion)) << name;
    } else if (text.starts_with("INSERT")) {
      // A word of the dialect around a value is SQLite's here.
      const std::string plain = std::regex_replace(text, std::regex(R"(cast\((:\w+) AS blob\))"), "$1");
      EXPECT_TRUE(std::regex_match(plain, insertion)) << name;
    } else {
      continue;
    }
    ++found;
  }
  EXPECT_GT(found, 40U);
}

TEST(statements, an_audience_is_walked_along_its_segment_and_joined_by_keys) {
  const test::TemporaryFolder folder;
  open_store(folder.store());
  test::RawSqlite raw(folder.file("roll.db"));
  for (const auto& [name, dialect, text] : all_statements()) {
    if (name != "select_candidates_with_topic" || !dialect.empty()) continue;
    const auto steps = raw.column("EXPLAIN QUERY PLAN " + text, 3);
    ASSERT_EQ(steps.size(), 4U);
    EXPECT_NE(steps[0].find("memberships_by_segment (team_id=? AND segment=? AND contact_id>? AND contact_id<?)"),
              std::string::npos);
    for (std::size_t joined = 1; joined < steps.size(); ++joined) {
      EXPECT_NE(steps[joined].find("PRIMARY KEY (team_id=? AND contact_id=?"), std::string::npos) << steps[joined];
    }
    return;
  }
  FAIL() << "there is no such statement";
}

}  // namespace
}  // namespace mailroll
