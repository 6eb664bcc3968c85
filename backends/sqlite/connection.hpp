/// One open SQLite database: the SOCI session, its native handle, transactions and what their commits promise.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"
#include "sql/definitions.hpp"
#include "sql/deliveries.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"
#include "sqlite/native.hpp"

namespace mailroll::detail {

/// Where a database is.
struct SqlitePlace {
  std::string path;  ///< absolute, or ":memory:"
  std::string name;  ///< the address, to show

  [[nodiscard]] bool in_memory() const { return path == ":memory:"; }
};

/// An Engine (sql/sql_session.hpp).
class Connection {
 public:
  class Rows : public Cursor {
   public:
    Rows(Connection& connection, const Statement& statement) : Cursor(connection.native(), statement.all) {}
  };
  class TextRows : public Cursor {
   public:
    TextRows(Connection& connection, const std::string& text) : Cursor(connection.native(), Once{text}) {}
  };
  class RangeRows : public Rows {
   public:
    RangeRows(Connection& connection, const Statement& statement, std::int32_t team, const IdRange& range, std::size_t)
        : Rows(connection, statement) {
      bind(team).bind(range.first).bind(range.last);
    }
  };
  /// Row by row: inside the program there is no way to save.
  class Batch : public Rows {
   public:
    using Rows::Rows;
    void keep(std::int32_t value) {
      bind(value);
      kept_ = 1;
    }
    void run() { Cursor::run(kept_); }
    void send() {}

   private:
    int kept_ = 0;
  };
  class Held : public HeldConnection {
   public:
    explicit Held(Connection& connection) : HeldConnection(connection.native()) {}
  };

  /// Opens the file, or makes it; brings the schema up to date. Throws Error(storage): unreachable, not_a_database,
  /// newer_schema. A file that is not ours is left as it is.
  explicit Connection(const SqlitePlace& place);
  /// init_store(). A dry run makes no file.
  static InitPlan init(const SqlitePlace& place, const InitOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void begin_read();
  void begin_write();
  void commit(Durability durability);
  void rollback() noexcept;
  [[nodiscard]] bool idle() const { return transaction_ == Transaction::none; }
  /// Throws unless a write transaction is open that SQLite has not already undone by itself.
  void require_write() const;
  /// BEGIN IMMEDIATE excludes every other writer.
  static constexpr bool locks_contacts = false;
  void lock(TeamNumber, std::span<const ContactId>) {}
  void lock_shared(TeamNumber, std::int32_t) {}
  template <typename Work>
  void apart(Work&& work) {
    work(*this);
  }
  void expect_bulk(bool begins);
  /// Session::forget().
  bool forget();

  [[nodiscard]] static const Dialect& dialect();
  [[nodiscard]] Native& native() { return *native_; }
  [[nodiscard]] Definitions& definitions() { return *definitions_; }
  [[nodiscard]] Deliveries& deliveries() { return *deliveries_; }
  [[nodiscard]] int schema_version() const { return plan_.to_version; }

  /// Runs `work()`; what SOCI throws comes out as Error(storage) without the engine's text.
  template <typename Work>
  auto guarded(Work&& work) {
    try {
      return work();
    } catch (...) {
      translate();
    }
  }
  /// The same in the transaction that is open, or in one of its own: several statements see one state only inside one.
  template <typename Work>
  auto reading(Work&& work) {
    if (!idle()) return guarded(work);
    begin_read();
    struct End {
      Connection& connection;
      ~End() { connection.rollback(); }
    } const end{*this};
    return guarded(work);
  }

 private:
  enum class Transaction { none, read, write };
  struct SociSession;

  Connection(const SqlitePlace& place, const InitOptions& options);
  [[noreturn]] void translate() const;  // the exception that is being handled
  void open(const SqlitePlace& place);
  void use_wal();
  void migrate(const InitOptions& options);
  void set_synchronous(Durability durability);
  void sync_log();
  /// Moves the log into the file and cuts it off; SQLite's code. SQLITE_BUSY where somebody read from it all the while.
  int empty_log(std::chrono::milliseconds wait);

  std::string name_;
  std::unique_ptr<SociSession> soci_;
  std::unique_ptr<Native> native_;
  std::unique_ptr<Definitions> definitions_;
  std::unique_ptr<Deliveries> deliveries_;
  Transaction transaction_ = Transaction::none;
  Durability synchronous_ = Durability::full;  ///< what a commit of this connection syncs by itself
  InitPlan plan_;                              ///< what opening did
};

}  // namespace mailroll::detail
