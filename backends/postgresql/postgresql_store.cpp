#include "postgresql/postgresql_store.hpp"

#include <mutex>
#include <utility>

#include "postgresql/connection.hpp"
#include "sql/schema_migration.hpp"
#include "sql/sql_session.hpp"

namespace mailroll::detail {
namespace {

constexpr int most_sessions = 16;  // of the hundred that a server has as it is delivered

class PostgresqlStore final : public Store {
 public:
  explicit PostgresqlStore(const std::string& address) : place_(postgresql_place(address)) {
    // Now, so that whoever opens a store learns at once what is wrong with it.
    waiting_ = std::make_unique<PostgresqlConnection>(place_);
    schema_version_ = waiting_->migrate();
  }

  std::unique_ptr<Session> connect() override {
    std::unique_ptr<PostgresqlConnection> connection;
    {
      const std::lock_guard lock(mutex_);
      connection = std::move(waiting_);
    }
    if (!connection) connection = std::make_unique<PostgresqlConnection>(place_);
    return std::make_unique<SqlSession<PostgresqlConnection>>(std::move(connection));
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
  PostgresqlPlace place_;
  std::mutex mutex_;
  std::unique_ptr<PostgresqlConnection> waiting_;  ///< for the first session
  int schema_version_ = 0;
};

}  // namespace

std::shared_ptr<Store> open_postgresql_store(const std::string& address) {
  return std::make_shared<PostgresqlStore>(address);
}

std::string postgresql_description() {
  const int version = PQlibVersion();
  return "a PostgreSQL server, 13 to 17, by libpq " + std::to_string(version / 10000) + "." +
         std::to_string(version % 10000);
}

}  // namespace mailroll::detail
