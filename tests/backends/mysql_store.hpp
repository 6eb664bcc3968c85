/// A store in MySQL or MariaDB, and what it says when something fails.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "backends/raw_mysql.hpp"
#include "backends/some_people.hpp"
#include "backends/test_url.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::test {

/// With one team, which is number 1.
inline std::shared_ptr<Store> opened(const RawMysql& database) {
  auto store = open_store(database.store());
  if (store->connect()->teams().empty()) store->connect()->add_team(Uuid{}, "team", Time{});
  return store;
}

inline ChangeSet new_people(int first, int last) {
  ChangeSet changes = some_people(first, last);
  changes.all_new = true;
  return changes;
}

/// The error that `call` throws, which holds nothing of what was written and no user.
template <typename Call>
std::string reason_without_data(Call call) {
  try {
    call();
  } catch (const Error& error) {
    std::string text = error.what();
    for (const auto& [key, value] : error.details()) text += " " + key + "=" + value;
    for (const char* data : {"@", "ecret", "Secretia", "person", "admin"}) {
      EXPECT_EQ(text.find(data), std::string::npos) << "the error text holds data";
    }
    EXPECT_EQ(text.find('\n'), std::string::npos);
    return error.reason();
  }
  return "no error";
}

class mysql_store : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::test_url("mysql").empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no MySQL";
  }
};

}  // namespace mailroll::test
