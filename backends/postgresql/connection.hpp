/// One connection to a PostgreSQL database: the SOCI session, its native handle, and transactions.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"
#include "postgresql/batch.hpp"
#include "postgresql/native.hpp"
#include "postgresql/place.hpp"
#include "postgresql/rows.hpp"
#include "sql/definitions.hpp"
#include "sql/deliveries.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

namespace mailroll::detail {

/// An Engine (sql/sql_session.hpp). A connection that was lost is made anew with the next transaction, or with the next read
/// outside of one, which is then read again; inside a transaction it is an Error(storage) with reason disconnected.
class PostgresqlConnection {
 public:
  class Rows : public PostgresqlRows {
   public:
    Rows(PostgresqlConnection& connection, const Statement& statement);
  };
  class TextRows : public PostgresqlRows {
   public:
    TextRows(PostgresqlConnection& connection, const std::string& text);
  };
  class RangeRows : public PostgresqlRangeRows {
   public:
    RangeRows(PostgresqlConnection& connection, const Statement& statement, std::int32_t team, const IdRange& range,
              std::size_t limit);
    RangeRows(PostgresqlConnection& connection, const Statement& statement, std::int32_t team,
              std::span<const ContactId> contacts);
  };
  class Batch : public PostgresqlBatch {
   public:
    Batch(PostgresqlConnection& connection, const Statement& statement);
  };
  struct Held {
    explicit Held(PostgresqlConnection&) {}
  };

  /// Connects. Throws Error(storage) unreachable.
  explicit PostgresqlConnection(PostgresqlPlace place);
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;
  ~PostgresqlConnection();

  /// init_store(): one transaction, which holds the row of schema_lock.
  InitPlan init(const InitOptions& options);

  void begin_read();
  /// Sent with what comes next.
  void begin_write();
  void commit(Durability durability);
  /// Not waited for.
  void rollback() noexcept;
  [[nodiscard]] bool idle() const { return transaction_ == Transaction::none; }
  void require_write() const;
  static constexpr bool locks_contacts = true;
  /// Sent with what comes next. Outside a write transaction there is nothing to lock for.
  void lock(TeamNumber team, std::span<const ContactId> contacts);
  void lock_shared(TeamNumber team, std::int32_t number);
  /// On a second connection, which is kept until the transaction here ends.
  template <typename Work>
  void apart(Work&& work) {
    if (!apart_) apart_ = std::make_unique<PostgresqlConnection>(place_);
    apart_->settled([&] { work(*apart_); });
  }
  /// After a load, has the rows counted by which queries are planned.
  void expect_bulk(bool begins);
  /// Never true: what was deleted stands in dead rows until VACUUM, and in the write-ahead log and its archives.
  [[nodiscard]] bool forget() const;

  [[nodiscard]] static const Dialect& dialect();
  [[nodiscard]] Native& native() { return *native_; }
  [[nodiscard]] Definitions& definitions();
  [[nodiscard]] Deliveries& deliveries();

  template <typename Work>
  auto guarded(Work&& work) {
    if (!idle()) return settled(work);
    return again_if_lost([&] { return settled(work); });
  }
  template <typename Work>
  auto reading(Work&& work) {
    if (!idle()) return settled(work);
    return again_if_lost([&] {
      begin_own_read();
      struct End {
        PostgresqlConnection& connection;
        ~End() { connection.rollback(); }
      } const end{*this};
      return settled(work);
    });
  }

 private:
  enum class Transaction { none, read, write };
  struct SociSession;

  void connect();
  void connect_if_lost();
  void begin(std::string_view statement);
  /// Sent with what comes next, whose first query makes the state that is seen.
  void begin_own_read();
  InitPlan plan_now(const InitOptions& options);
  [[noreturn]] void translate() const;  // the exception that is being handled

  /// Runs `work()`, and waits for all that it sent.
  template <typename Work>
  auto settled(Work&& work) {
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        native_->settle();
      } else {
        auto result = work();
        native_->settle();
        return result;
      }
    } catch (...) {
      native_->settle_quietly();
      translate();
    }
  }
  template <typename Read>
  auto again_if_lost(Read&& read) {
    connect_if_lost();
    try {
      return read();
    } catch (const Error& error) {
      if (error.reason() != "disconnected") throw;
    }
    connect_if_lost();
    return read();
  }

  PostgresqlPlace place_;
  std::unique_ptr<SociSession> soci_;
  std::unique_ptr<Native> native_;
  std::unique_ptr<Definitions> definitions_;
  std::unique_ptr<Deliveries> deliveries_;
  std::unique_ptr<PostgresqlConnection> apart_;
  Transaction transaction_ = Transaction::none;
};

}  // namespace mailroll::detail
