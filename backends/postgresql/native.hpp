/// PostgreSQL's own connection (libpq), reached through the SOCI session: statements that are kept prepared, values as
/// bytes, and many statements sent before the first answer is waited for.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "mailroll/ids.hpp"
#include "sql/statement.hpp"

namespace mailroll::detail {

/// Throws what a failure means as Error(storage). `state` is a SQLSTATE, or "" where there is none; `store` is the name to
/// show; `lost`: the connection is gone.
[[noreturn]] void raise_postgresql_failure(std::string_view state, bool lost, std::string_view store);

/// A parameter of a statement, as the statement's text says.
struct PostgresqlParameter {
  enum class Element { one, small_integer, integer, big_integer, uuid, text };  ///< `one`: no array
  Element element = Element::one;
};

/// The values of one execution, in the order of the parameters.
class PostgresqlValues {
 public:
  void add(std::int64_t value) {
    add_text(std::to_string(value));
  }  // as text: for whatever width of integer the column has
  void add_text(std::string value) { values_.push_back({std::move(value), false, false}); }
  void add_bytes(std::string value) { values_.push_back({std::move(value), true, false}); }
  void add_null() { values_.push_back({{}, false, true}); }
  void clear() { values_.clear(); }

 private:
  friend class Native;
  struct Value {
    std::string data;
    bool binary;
    bool null;
  };
  std::vector<Value> values_;
};

/// An answer that is there when Native::settle() has returned.
struct PostgresqlReply {
  PostgresqlReply() = default;
  PostgresqlReply(const PostgresqlReply&) = delete;
  PostgresqlReply& operator=(const PostgresqlReply&) = delete;
  ~PostgresqlReply() { PQclear(result); }
  PGresult* result = nullptr;
};

class Native {
 public:
  /// The handle stays the SOCI session's.
  Native(PGconn* handle, std::string store) : handle_(handle), store_(std::move(store)) {}
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;

  struct Prepared {
    std::string name;
    std::string text;  ///< with $1, $2 ...
    std::string copy;  ///< the same rows by COPY; "" where the statement says more than to insert what it is given
    std::vector<PostgresqlParameter> parameters;
    bool known = false;  ///< to the server
  };
  enum class Form {
    whole,
    paged,           ///< with sql::postgresql_page behind it
    named_contacts,  ///< a range statement, of an array of ids
  };
  /// `statement` is one of the constants of sql/statements.
  Prepared& prepared(const Statement& statement, Form form = Form::whole);

  /// One that was made for a single use: the connection's statement without a name.
  static Prepared prepared_once(std::string_view text);

  /// Sends a statement. It is done, and its answer there, after settle().
  std::shared_ptr<PostgresqlReply> send(Prepared& prepared, const PostgresqlValues& values);
  /// The same for one without parameters that is not worth keeping.
  std::shared_ptr<PostgresqlReply> send(std::string_view statement);
  /// Waits for all that was sent, and runs a COPY of `rows`, which are in its binary format. Throws.
  void copy(const std::string& statement, std::string_view rows);
  /// Lets the server begin with what was sent, without waiting.
  void flush();
  /// Waits for all that was sent. Throws the first failure; then nothing is waited for any more.
  void settle();
  /// The same without throwing.
  void settle_quietly() noexcept;

  [[nodiscard]] PGconn* handle() const { return handle_; }
  [[nodiscard]] bool lost() const { return PQstatus(handle_) == CONNECTION_BAD; }
  [[nodiscard]] const std::string& store() const { return store_; }

 private:
  struct Expected {
    enum class Kind { preparation, answer, end } kind = Kind::end;
    Prepared* prepared = nullptr;
    std::shared_ptr<PostgresqlReply> reply;
  };
  void begin_sending();
  void require_sent(int done);
  void end_sending();
  [[noreturn]] void raise_lost();

  PGconn* handle_;
  std::string store_;
  std::map<std::pair<const char*, Form>, Prepared> statements_;  // by the constant's place, not by its text
  std::deque<Expected> expected_;
};

}  // namespace mailroll::detail
