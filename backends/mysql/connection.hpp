/// One connection to a MySQL or MariaDB database: the SOCI session, its native handle, and transactions.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"
#include "mysql/batch.hpp"
#include "mysql/client.hpp"
#include "mysql/mysql_place.hpp"
#include "mysql/rows.hpp"
#include "sql/definitions.hpp"
#include "sql/deliveries.hpp"
#include "sql/statement.hpp"

namespace mailroll::detail {

/// An Engine (sql/sql_session.hpp). A connection that was lost is made anew with the next transaction, or with the next read
/// outside of one, which is then read again; inside a transaction it is an Error(storage) with reason disconnected. The
/// beginning of a write transaction, locks and writes are put off: what fails of them is told by the next read or the
/// commit.
class MysqlConnection {
 public:
  class Rows : public MysqlRows {
   public:
    Rows(MysqlConnection& connection, const Statement& statement) : MysqlRows(connection.client(), statement) {}
  };
  class TextRows : public MysqlRows {
   public:
    TextRows(MysqlConnection& connection, const std::string& text) : MysqlRows(connection.client(), text) {}
  };
  class RangeRows : public MysqlRangeRows {
   public:
    RangeRows(MysqlConnection& connection, const Statement& statement, std::int32_t team, const IdRange& range,
              std::size_t limit)
        : MysqlRangeRows(connection.client(), statement, team, range, limit) {}
    RangeRows(MysqlConnection& connection, const Statement& statement, std::int32_t team,
              std::span<const ContactId> contacts)
        : MysqlRangeRows(connection.client(), statement, team, contacts) {}
  };
  class Batch : public MysqlBatch {
   public:
    Batch(MysqlConnection& connection, const Statement& statement) : MysqlBatch(connection.client(), statement) {}
  };
  struct Held {
    explicit Held(MysqlConnection&) {}
  };

  /// Connects. Throws Error(storage) unreachable, busy.
  explicit MysqlConnection(MysqlPlace place);
  MysqlConnection(const MysqlConnection&) = delete;
  MysqlConnection& operator=(const MysqlConnection&) = delete;
  ~MysqlConnection();

  /// init_store(). Each statement that defines a table commits by itself, while a second connection holds the row of
  /// schema_lock; a migration that broke off anywhere is gone through again.
  InitPlan init(const InitOptions& options);

  void begin_read();
  void begin_write();
  void commit(Durability durability);
  void rollback() noexcept;
  [[nodiscard]] bool idle() const { return transaction_ == Transaction::none; }
  /// Throws unless a write transaction is open in which nothing failed so far.
  void require_write() const;
  static constexpr bool locks_contacts = true;
  /// Outside a write transaction there is nothing to lock for.
  void lock(TeamNumber team, std::span<const ContactId> contacts);
  void lock_shared(TeamNumber team, std::int32_t number);
  /// On a second connection, which is kept until the transaction here ends.
  template <typename Work>
  void apart(Work&& work) {
    if (!apart_) apart_ = std::make_unique<MysqlConnection>(place_);
    apart_->translated([&] {
      work(*apart_);
      apart_->client_->settle();
    });
  }
  void expect_bulk(bool) {}
  /// Never true: what was deleted stands in the undo and redo logs, and in the binary log where there is one.
  bool forget() const;

  [[nodiscard]] const Dialect& dialect() const { return *dialect_; }
  [[nodiscard]] MysqlClient& client() { return *client_; }
  /// SOCI asks on the same connection: what was put off goes before.
  [[nodiscard]] Definitions& definitions();
  [[nodiscard]] Deliveries& deliveries();

  /// Runs `work()`; what SOCI throws comes out as Error(storage) without the engine's text.
  template <typename Work>
  auto guarded(Work&& work) {
    if (!idle()) return translated(work);
    return again_if_lost([&] { return translated(work); });
  }
  /// The same in the transaction that is open, or in one of its own: several statements see one state only inside one.
  template <typename Work>
  auto reading(Work&& work) {
    if (!idle()) return translated(work);
    return again_if_lost([&] {
      begin(Transaction::read);
      struct End {
        MysqlConnection& connection;
        ~End() { connection.rollback(); }
      } const end{*this};
      return translated(work);
    });
  }

 private:
  enum class Transaction { none, read, write };
  struct SociSession;

  void connect();
  void set_up();
  void begin(Transaction transaction);
  InitPlan plan_now(const InitOptions& options);
  void lock_schema();
  [[noreturn]] void translate();  // the exception that is being handled

  template <typename Work>
  auto translated(Work&& work) {
    try {
      return work();
    } catch (...) {
      translate();
    }
  }
  template <typename Work>
  auto again_if_lost(Work&& work) {
    if (!client_ || client_->lost()) connect();
    try {
      return work();
    } catch (const Error& error) {
      if (error.reason() != "disconnected") throw;
    }
    connect();
    return work();
  }

  MysqlPlace place_;
  const Dialect* dialect_;
  std::unique_ptr<SociSession> soci_;
  std::unique_ptr<MysqlClient> client_;
  std::unique_ptr<Definitions> definitions_;
  std::unique_ptr<Deliveries> deliveries_;
  std::unique_ptr<MysqlConnection> apart_;
  Transaction transaction_ = Transaction::none;
};

}  // namespace mailroll::detail
