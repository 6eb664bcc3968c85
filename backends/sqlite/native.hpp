/// SQLite's own handle, reached through the SOCI session: prepared statements that are kept, for hot reads and bulk
/// writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <sqlite3.h>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll::detail {

/// Throws what the last failure of `database` means as Error(storage). `store` is the name to show.
[[noreturn]] void raise_sqlite_error(sqlite3* database, std::string_view store);
/// The same, from SQLite's result code alone. `system_error` is an errno, or 0.
[[noreturn]] void raise_sqlite_code(int code, int system_error, std::string_view store);

/// Keeps each statement prepared. Ends before the SOCI session that lends it the handle.
class Native {
 public:
  Native(sqlite3* database, std::string store) : database_(database), store_(std::move(store)) {}
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;
  ~Native();

  /// `statement` is one of the constants of sql/statements.
  sqlite3_stmt* prepared(std::string_view statement);
  /// One that was made for a single use, which is the caller's to finalize.
  [[nodiscard]] sqlite3_stmt* prepared_once(std::string_view statement) const;
  /// Runs a statement without parameters, kept prepared.
  void run(std::string_view statement);
  /// Runs a PRAGMA. Never kept prepared: some act while they are compiled, and not again when they are run.
  void set(std::string_view pragma);
  [[noreturn]] void raise() const { raise_sqlite_error(database_, store_); }
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }
  [[nodiscard]] sqlite3* handle() const { return database_; }
  [[nodiscard]] const std::string& store() const { return store_; }

 private:
  sqlite3* database_;
  std::string store_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;  // by the constant's place, not by its text
};

/// Holds the connection's mutex while many calls are made. SQLite takes it in every one of them; who holds it already
/// only counts.
class HeldConnection {
 public:
  explicit HeldConnection(Native& native) : mutex_(sqlite3_db_mutex(native.handle())) { sqlite3_mutex_enter(mutex_); }
  HeldConnection(const HeldConnection&) = delete;
  HeldConnection& operator=(const HeldConnection&) = delete;
  ~HeldConnection() { sqlite3_mutex_leave(mutex_); }

 private:
  sqlite3_mutex* mutex_;
};

/// One use of a statement. Parameters are bound in the order in which the statement first names them; texts and ids
/// are not copied, and must live until the row is run.
class Cursor {
 public:
  Cursor(Native& native, std::string_view statement) : native_(native), statement_(native.prepared(statement)) {}
  /// Of a statement that is not kept.
  struct Once {
    std::string_view statement;
  };
  Cursor(Native& native, Once once) : native_(native), statement_(native.prepared_once(once.statement)), kept_(false) {}
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() {
    if (kept_) {
      sqlite3_reset(statement_);
    } else {
      sqlite3_finalize(statement_);
    }
  }

  Cursor& bind(std::int64_t value) { return checked(sqlite3_bind_int64(statement_, next_++, value)); }
  Cursor& bind(std::int32_t value) { return checked(sqlite3_bind_int(statement_, next_++, value)); }
  Cursor& bind(std::string_view value) {
    // A null pointer would bind NULL.
    const char* data = value.data() == nullptr ? "" : value.data();
    return checked(sqlite3_bind_text(statement_, next_++, data, static_cast<int>(value.size()), SQLITE_STATIC));
  }
  Cursor& bind(const Uuid& id) {
    return checked(
        sqlite3_bind_blob(statement_, next_++, id.bytes.data(), static_cast<int>(id.bytes.size()), SQLITE_STATIC));
  }
  Cursor& bind(Time time) { return bind(std::int64_t{microseconds(time)}); }
  Cursor& bind_null() { return checked(sqlite3_bind_null(statement_, next_++)); }
  template <typename Value>
  Cursor& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }
  Cursor& bind_text_or_null(std::string_view value) { return value.empty() ? bind_null() : bind(value); }
  Cursor& bind_id_or_null(const Uuid& id) { return id.is_nil() ? bind_null() : bind(id); }

  /// Moves to the next row; false at the end.
  bool step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) native_.raise();
    return false;
  }
  /// Runs a statement without rows, and makes it ready to be run again; the first `kept` parameters keep their values.
  void run(int kept = 1) {
    step();
    sqlite3_reset(statement_);
    next_ = kept + 1;
  }

  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  [[nodiscard]] std::int32_t number(int column) const { return sqlite3_column_int(statement_, column); }
  [[nodiscard]] std::int64_t large_number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] Time time(int column) const { return time_of(large_number(column)); }
  [[nodiscard]] std::optional<Time> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
  /// "" for NULL. Valid until the next step.
  [[nodiscard]] std::string_view text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  /// Throws UnreadableRow where there are not 16 bytes; nil for NULL.
  void read_id(int column, Uuid& out) const;

 private:
  Cursor& checked(int code) {
    if (code != SQLITE_OK) native_.raise();
    return *this;
  }

  Native& native_;
  sqlite3_stmt* statement_;
  bool kept_ = true;
  int next_ = 1;
};

}  // namespace mailroll::detail
