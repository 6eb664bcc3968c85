#include "sqlite/sqlite_store.hpp"

#include <filesystem>
#include <mutex>
#include <string_view>
#include <utility>

#include <sqlite3.h>

#include "mailroll/error.hpp"
#include "sql/schema_migration.hpp"
#include "sqlite/sqlite_session.hpp"

namespace mailroll::detail {
namespace {

constexpr std::string_view scheme = "sqlite://";

SqlitePlace place_of(const std::string& address) {
  const std::string_view rest = std::string_view(address).substr(scheme.size());
  if (rest == ":memory:") return {std::string(rest), address};
  if (rest.size() < 2 || rest[0] != '/') {
    throw Error(ErrorKind::invalid,
                "not the address of a SQLite file; write sqlite:///roll.db, or sqlite:////srv/roll.db for an absolute "
                "path",
                {{"reason", "address_of_store"}});
  }
  return {std::filesystem::absolute(rest.substr(1)).string(), address};
}

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(const std::string& address)
      : place_(place_of(address)), waiting_(std::make_shared<WaitingConnection>()) {
    // Now, so that whoever opens a store learns at once what is wrong with it.
    waiting_->connection = std::make_unique<Connection>(place_);
    waiting_->keep = place_.in_memory();
    schema_version_ = waiting_->connection->schema_version();
  }

  std::unique_ptr<Session> connect() override {
    std::unique_ptr<Connection> connection;
    {
      const std::lock_guard lock(waiting_->mutex);
      connection = std::move(waiting_->connection);
    }
    if (!connection) {
      if (place_.in_memory()) {
        throw Error(ErrorKind::storage, "a store in SQLite's memory has one session at a time; end the other first",
                    {{"reason", "busy"}});
      }
      connection = std::make_unique<Connection>(place_);
    }
    return std::make_unique<SqliteSession>(std::move(connection), waiting_);
  }

  [[nodiscard]] int max_sessions() const override { return place_.in_memory() ? 1 : 64; }
  [[nodiscard]] Capabilities capabilities() const override {
    if (place_.in_memory()) return {Capability::forgets};
    return {Capability::several_sessions, Capability::survives_reopening, Capability::several_processes,
            Capability::forgets};
  }
  int schema_version() override { return schema_version_; }
  [[nodiscard]] int newest_schema_version() const override { return detail::newest_schema_version(); }
  [[nodiscard]] std::string name() const override { return place_.name; }

 private:
  SqlitePlace place_;
  std::shared_ptr<WaitingConnection> waiting_;
  int schema_version_ = 0;
};

}  // namespace

std::shared_ptr<Store> open_sqlite_store(const std::string& address) { return std::make_shared<SqliteStore>(address); }

InitPlan init_sqlite_store(const std::string& address, const InitOptions& options) {
  return Connection::init(place_of(address), options);
}

std::string sqlite_description() { return std::string("a file on this machine, SQLite ") + sqlite3_libversion(); }

}  // namespace mailroll::detail
