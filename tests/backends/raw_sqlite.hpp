/// SQLite beside the store: to make files that mailroll did not write, and to look at those that it did.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace mailroll::test {

class RawSqlite {
 public:
  explicit RawSqlite(const std::filesystem::path& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
  }
  RawSqlite(const RawSqlite&) = delete;
  RawSqlite& operator=(const RawSqlite&) = delete;
  ~RawSqlite() { sqlite3_close(database_); }

  void run(const std::string& statements) {
    EXPECT_EQ(sqlite3_exec(database_, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_);
  }
  /// One column of every row, as text.
  std::vector<std::string> column(const std::string& statement, int column = 0) {
    std::vector<std::string> values;
    sqlite3_stmt* prepared = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, statement.c_str(), -1, &prepared, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_) << " in " << statement;
    while (sqlite3_step(prepared) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, column));
      values.emplace_back(text == nullptr ? "" : text);
    }
    sqlite3_finalize(prepared);
    return values;
  }
  std::string value(const std::string& statement) {
    const auto values = column(statement);
    return values.empty() ? "" : values.front();
  }

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace mailroll::test
