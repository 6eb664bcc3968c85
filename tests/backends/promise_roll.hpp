/// A roll on each store of ours, for the promises that hold on all of them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backends/raw_mysql.hpp"
#include "backends/raw_postgresql.hpp"
#include "backends/raw_sqlite.hpp"
#include "backends/temporary_folder.hpp"
#include "backends/test_url.hpp"
#include "mailroll/mailroll.hpp"

namespace mailroll::test {

inline const auto every_store = testing::Values("memory", "sqlite", "postgresql", "mysql");

/// One of every_store; a server's database is the test's own, and gone afterwards. One roll, whose clock the test moves.
class PromiseRoll : public testing::TestWithParam<std::string> {
 protected:
  PromiseRoll() {
    if (GetParam() == "postgresql" && has_server())
      postgresql_ = std::make_unique<RawPostgresql>(test_url("postgresql"));
    if (GetParam() == "mysql" && has_server()) mysql_ = std::make_unique<RawMysql>();
    roll_.emplace(opened(Actor::api));
  }
  void SetUp() override {
    if (!has_server()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no server of this engine";
  }
  [[nodiscard]] static bool has_server() {
    return GetParam() == "memory" || GetParam() == "sqlite" || !test_url(GetParam()).empty();
  }

  [[nodiscard]] std::string url() const {
    if (postgresql_) return postgresql_->url();
    if (mysql_) return mysql_->store();
    return GetParam() == "sqlite" ? "sqlite:///" + folder_.file("roll.db").string() : "memory://";
  }
  /// Says a statement to the engine, beside the store. Not to memory.
  void run_beside(const std::string& statement) {
    if (postgresql_) {
      postgresql_->run(statement);
    } else if (mysql_) {
      mysql_->run(statement);
    } else {
      RawSqlite(folder_.file("roll.db")).run(statement);
    }
  }
  /// How many of a server's connections to the store wait for somebody's lock.
  int waiting() { return postgresql_ ? postgresql_->waiting() : mysql_->waiting(); }
  [[nodiscard]] Roll opened(Actor actor) {
    return mailroll::open(url(), {.actor = actor, .clock = [this] { return now_; }});
  }
  void pass(std::chrono::microseconds time) { now_ += time; }

  /// A CSV with these lines, imported.
  ImportSummary import(const std::string& csv, const ImportOptions& options = {}) {
    const std::string path = folder_.file("input.csv").string();
    std::ofstream(path) << csv;
    pass(std::chrono::hours(1));
    return roll().contacts().import_file(path, options).apply();
  }
  std::string leave_token(const Who& who, const Scope& scope) {
    const std::string url = roll().link(who, scope, Purpose::leave, {.base_url = "https://mail.example.com"});
    return url.substr(url.rfind('/') + 1);
  }
  std::vector<std::string> receivers(const SegmentRef& segment, const TopicRef& topic) {
    std::vector<std::string> found;
    for (const Recipient& person : roll().audience(segment, topic)) found.push_back(person.email);
    std::sort(found.begin(), found.end());
    return found;
  }
  Reason reason(const Who& who, const TopicRef& topic) { return roll().explain(who, topic).reason; }
  std::size_t events_of(const Who& who) { return roll().events().list(who).size(); }

  Roll& roll() { return *roll_; }

  TemporaryFolder folder_;
  Time now_ = *parse_time("2026-03-01T12:00:00Z");

 private:
  std::unique_ptr<RawPostgresql> postgresql_;
  std::unique_ptr<RawMysql> mysql_;
  std::optional<Roll> roll_;  ///< ends before its database
};

template <typename Act>
std::string refusal_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.reason();
  }
  return "done";
}

}  // namespace mailroll::test
