/// A store on a server: what its engines have in common.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "mailroll/store/store.hpp"
#include "sql/schema_migration.hpp"
#include "sql/sql_session.hpp"

namespace mailroll::detail {

/// Connection is an Engine (sql/sql_session.hpp) that is made of a Place, which has a `name` to show, and has init(), which
/// is init_store().
template <typename Connection, typename Place>
class ServerStore final : public Store {
 public:
  /// Connects at once, so that whoever opens a store learns what is wrong with it, and makes the schema or brings it up to
  /// date.
  ServerStore(Place place, int most_sessions)
      : place_(std::move(place)), most_sessions_(most_sessions), waiting_(std::make_unique<Connection>(place_)) {
    schema_version_ = waiting_->init({}).to_version;
  }

  std::unique_ptr<Session> connect() override {
    std::unique_ptr<Connection> connection;
    {
      const std::lock_guard lock(mutex_);
      connection = std::move(waiting_);
    }
    if (!connection) connection = std::make_unique<Connection>(place_);
    return std::make_unique<SqlSession<Connection>>(std::move(connection));
  }

  [[nodiscard]] int max_sessions() const override { return most_sessions_; }
  [[nodiscard]] Capabilities capabilities() const override {
    return {Capability::several_sessions, Capability::survives_reopening, Capability::several_processes,
            Capability::parallel_writers};
  }
  int schema_version() override { return schema_version_; }
  [[nodiscard]] int newest_schema_version() const override { return detail::newest_schema_version(); }
  [[nodiscard]] std::string name() const override { return place_.name; }

 private:
  Place place_;
  int most_sessions_;
  std::mutex mutex_;
  std::unique_ptr<Connection> waiting_;  ///< for the first session
  int schema_version_ = 0;
};

}  // namespace mailroll::detail
