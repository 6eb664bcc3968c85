/// libmariadb's own handle, reached through the SOCI session: statements as texts with the values in them, whole answers, and
/// rows that are loaded out of this program's memory.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mysql.h>

#include "sql/dialect.hpp"
#include "sql/rows_statement.hpp"

namespace mailroll::detail {

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using MysqlResult = std::unique_ptr<MYSQL_RES, FreeResult>;

/// An answer that is there when MysqlClient::settle() has returned.
struct MysqlReply {
  MysqlResult result;
};

/// A value of a row or of a condition.
struct MysqlValue {
  enum class Kind { null, number, bytes, text };
  Kind kind = Kind::null;
  std::int64_t number = 0;
  std::string bytes;  ///< keeps its memory from row to row
};

class MysqlClient {
 public:
  /// The handle stays the SOCI session's. From here on a server that asks for a file gets what is being loaded, and
  /// nothing else.
  MysqlClient(MYSQL* handle, std::string store, const Dialect& dialect);
  MysqlClient(const MysqlClient&) = delete;
  MysqlClient& operator=(const MysqlClient&) = delete;

  /// Runs a statement, or several with ; between them. Throws Error(storage).
  void run(std::string_view text);
  /// The whole answer of a query.
  MysqlResult query(std::string_view text);
  /// Asks a query, whose answer is there after settle(): many are sent at once, and a network is crossed once. One whose reply
  /// nobody holds any more is not sent.
  std::shared_ptr<MysqlReply> ask(std::string_view text);
  void settle();
  /// Runs a statement that loads `rows`, `count` of them, out of this program's memory. Throws Error(storage), reason contended,
  /// where one of them is there already.
  void load(std::string_view text, std::string_view rows, std::uint64_t count);

  /// One of the constants of sql/statements, taken apart; kept.
  const RowsStatement& prepared(const Statement& statement);
  /// A range statement for contacts that are named: team, then ids.
  const RowsStatement& prepared_for_contacts(const Statement& statement);
  /// Appends the value as it stands in a statement.
  void append(std::string& out, const MysqlValue& value) const;

  [[nodiscard]] bool lost() const { return lost_; }
  /// Something failed since forget_failure(). After some errors the server has undone the whole transaction, and would take what
  /// comes next for one of its own.
  [[nodiscard]] bool failed() const { return failed_; }
  void note_failure(unsigned number);
  void forget_failure() { failed_ = false; }
  [[nodiscard]] const std::string& store() const { return store_; }
  /// What load() needs is allowed.
  [[nodiscard]] bool can_load() const { return can_load_; }
  void allow_load(bool allowed) { can_load_ = allowed; }

 private:
  struct Loading {
    std::string_view rest;
    bool wanted = false;
  };
  static int begin_loading(void** state, const char* name, void* loading);
  static int load_some(void* state, char* buffer, unsigned size);
  static void end_loading(void* state);
  static int say_nothing(void* state, char* buffer, unsigned size);

  void send(std::string_view text);
  /// Whole, since several queries are read side by side, and a connection can only be asked again when it has answered.
  MysqlResult answer();
  [[noreturn]] void raise();

  MYSQL* handle_;
  std::string store_;
  const Dialect& dialect_;
  Loading loading_;
  std::vector<std::pair<std::string, std::shared_ptr<MysqlReply>>> asked_;
  bool lost_ = false;
  bool failed_ = false;
  bool can_load_ = false;
  std::map<const char*, RowsStatement> statements_;  // by the constant's place, not by its text
  std::map<const char*, RowsStatement> of_contacts_;
};

}  // namespace mailroll::detail
