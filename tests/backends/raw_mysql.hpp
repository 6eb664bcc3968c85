/// MySQL beside the store: a database of the test's own in the server of scripts/servers, as whoever may do everything there.
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <mysql.h>
#include <unistd.h>

#include "source_folder.hpp"

namespace mailroll::test {

/// What a command of scripts/servers prints, without the end of the line.
inline std::string servers(const std::string& words) {
  const std::string command = (tests::source_folder() / "scripts/servers").string() + " " + words;
  std::string printed;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 256> some{};
  while (pipe != nullptr && fgets(some.data(), some.size(), pipe) != nullptr) printed += some.data();
  EXPECT_EQ(pclose(pipe), 0) << command;
  while (printed.ends_with('\n')) printed.pop_back();
  return printed;
}

class RawMysql {
 public:
  /// The server is started where it does not run.
  RawMysql() : name_("test_" + std::to_string(getpid()) + "_" + std::to_string(++made)) {
    servers("start mysql");
    url_ = servers("urls --admin mysql");
    const std::string option = "unix_socket=";
    const std::string socket = url_.substr(url_.find(option) + option.size());
    handle_ = mysql_init(nullptr);
    EXPECT_NE(mysql_real_connect(handle_, "localhost", "admin", "", "", 0, socket.c_str(), 0), nullptr);
    run("CREATE DATABASE " + name_);
    run("USE " + name_);
  }
  RawMysql(const RawMysql&) = delete;
  RawMysql& operator=(const RawMysql&) = delete;
  ~RawMysql() {
    run("DROP DATABASE " + name_);
    mysql_close(handle_);
  }

  /// The address of the database as a store; `user` with their password before the host.
  [[nodiscard]] std::string store(const std::string& user = "admin") const {
    std::string address = url_;
    address.replace(address.find("admin@"), std::string("admin@").size(), user + "@");
    return address.replace(address.find("/mysql?"), std::string("/mysql?").size(), "/" + name_ + "?");
  }
  [[nodiscard]] const std::string& name() const { return name_; }

  void run(const std::string& statement) {
    EXPECT_EQ(mysql_query(handle_, statement.c_str()), 0) << mysql_error(handle_) << " in " << statement;
  }
  /// The first column of every row, as text.
  std::vector<std::string> column(const std::string& statement) {
    std::vector<std::string> values;
    run(statement);
    MYSQL_RES* result = mysql_store_result(handle_);
    while (result != nullptr) {
      const MYSQL_ROW row = mysql_fetch_row(result);
      if (row == nullptr) break;
      values.emplace_back(row[0] == nullptr ? "" : row[0]);
    }
    mysql_free_result(result);
    return values;
  }
  std::string value(const std::string& statement) {
    const auto values = column(statement);
    return values.empty() ? "" : values.front();
  }
  /// How many connections to the database wait for somebody's lock.
  int waiting() {
    // InnoDB looks anew only where nobody has asked for 100 ms: whoever asks more often gets the same answer for ever.
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    return std::stoi(
        value("SELECT count(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = "
              "t.trx_mysql_thread_id AND p.db = database() WHERE t.trx_state = 'LOCK WAIT'"));
  }
  /// Ends every other connection to the database.
  void cut_others() {
    for (const std::string& id : column("SELECT id FROM information_schema.processlist WHERE db = database() AND id <> "
                                        "connection_id()")) {
      run("KILL CONNECTION " + id);
    }
  }

 private:
  static inline int made = 0;
  std::string name_;
  std::string url_;
  MYSQL* handle_ = nullptr;
};

}  // namespace mailroll::test
