/// A session of a SQLite store.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "sql/sql_session.hpp"
#include "sqlite/connection.hpp"

namespace mailroll::detail {

/// The connection that waits for the next session: the first one of a store, and always the one in SQLite's memory,
/// whose data would end with it.
struct WaitingConnection {
  std::mutex mutex;
  std::unique_ptr<Connection> connection;
  bool keep = false;  ///< sessions give their connection back
};

class SqliteSession final : public SqlSession<Connection> {
 public:
  SqliteSession(std::unique_ptr<Connection> connection, std::shared_ptr<WaitingConnection> home)
      : SqlSession(std::move(connection)), home_(std::move(home)) {}
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;
  ~SqliteSession() override {
    engine_->rollback();
    if (!home_->keep) return;
    const std::lock_guard lock(home_->mutex);
    home_->connection = std::move(engine_);
  }

 private:
  std::shared_ptr<WaitingConnection> home_;
};

}  // namespace mailroll::detail
