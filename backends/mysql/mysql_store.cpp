#include "mysql/mysql_store.hpp"

#include <mutex>
#include <utility>

#include <mysql.h>

#include "mysql/connection.hpp"
#include "sql/schema_migration.hpp"
#include "sql/sql_session.hpp"

namespace mailroll::detail {
namespace {

constexpr int most_sessions = 16;  // of the 151 that a server has as it is delivered

class MysqlStore final : public Store {
 public:
  explicit MysqlStore(const std::string& address) : place_(mysql_place_of(address)) {
    // Now, so that whoever opens a store learns at once what is wrong with it.
    waiting_ = std::make_unique<MysqlConnection>(place_);
    schema_version_ = waiting_->migrate();
  }

  std::unique_ptr<Session> connect() override {
    std::unique_ptr<MysqlConnection> connection;
    {
      const std::lock_guard lock(mutex_);
      connection = std::move(waiting_);
    }
    if (!connection) connection = std::make_unique<MysqlConnection>(place_);
    return std::make_unique<SqlSession<MysqlConnection>>(std::move(connection));
  }

  [[nodiscard]] int max_sessions() const override { return most_sessions; }
  [[nodiscard]] Capabilities capabilities() const override {
    return {Capability::several_sessions, Capability::survives_reopening, Capability::several_processes,
            Capability::parallel_writers};
  }
  int schema_version() override { return schema_version_; }
  [[nodiscard]] int newest_schema_version() const override { return detail::newest_schema_version(); }
  [[nodiscard]] std::string name() const override { return place_.name; }

 private:
  MysqlPlace place_;
  std::mutex mutex_;
  std::unique_ptr<MysqlConnection> waiting_;  ///< for the first session
  int schema_version_ = 0;
};

}  // namespace

std::shared_ptr<Store> open_mysql_store(const std::string& address) { return std::make_shared<MysqlStore>(address); }

std::string mysql_description() {
  return std::string("a MySQL (8) or MariaDB (10.6 or later) server, by libmariadb ") + mysql_get_client_info();
}

}  // namespace mailroll::detail
