/// PostgreSQL beside the store, in a schema of its own that is gone when the test ends: to make what mailroll did not, to look
/// at what it did, and to end its connections.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <unistd.h>

namespace mailroll::test {

class RawPostgresql {
 public:
  explicit RawPostgresql(const std::string& server) : connection_(PQconnectdb(server.c_str()), &PQfinish) {
    static int made = 0;
    schema_ = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
    run("SET client_min_messages = error");
    run("CREATE SCHEMA " + schema_);
    run("SET search_path = " + schema_);
    url_ = server + (server.find('?') == std::string::npos ? '?' : '&') + "options=-csearch_path%3D" + schema_ +
           "&application_name=" + schema_;
  }
  RawPostgresql(const RawPostgresql&) = delete;
  RawPostgresql& operator=(const RawPostgresql&) = delete;
  ~RawPostgresql() { run("DROP SCHEMA " + schema_ + " CASCADE"); }

  /// The store in this schema; its connections have the schema's name.
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] const std::string& schema() const { return schema_; }

  /// Runs statements; the first column of the first row of the last one, or "".
  std::string run(const std::string& statements) {  // NOLINT(readability-make-member-function-const)
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), statements.c_str()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    EXPECT_TRUE(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) << PQerrorMessage(connection_.get());
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
  }

  /// How many connections of the store wait for somebody's lock.
  int waiting() {
    return std::stoi(
        run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '" + schema_ +
            "'"));
  }
  /// Ends every connection of the store from the server's side; answers how many there were.
  int end_connections() {
    return std::stoi(run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '" +
                         schema_ + "'"));
  }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::string schema_;
  std::string url_;
};

}  // namespace mailroll::test
