/// libmariadb's own handle, reached through the SOCI session: statements as texts with the values in them, put off until an
/// answer is waited for and then sent as one; whole answers; and rows that are loaded out of this program's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
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

  /// Puts off one statement that answers no rows. It is sent, and what failed is thrown, with the next call here that waits for
  /// an answer; this one waits where there would be too much for one packet.
  void later(std::string text);
  /// Puts off one query, whose answer is there after settle(). One whose reply nobody holds any more is not sent.
  std::shared_ptr<MysqlReply> ask(std::string text);
  /// Sends all that was put off as one, in its order, so that a network is crossed once. Throws Error(storage) for the first
  /// that failed; the server does nothing of what stands behind it. In a transaction in which something failed, nothing is sent.
  void settle();
  /// The whole answer of a query, behind what was put off.
  MysqlResult query(std::string text);
  /// Runs a statement, or several with ; between them, behind what was put off. Throws Error(storage).
  void run(std::string_view text);
  /// Runs a statement that loads `rows`, `count` of them, out of this program's memory, behind what was put off. Throws
  /// Error(storage), reason contended, where one of them is there already.
  void load(std::string_view text, std::string_view rows, std::uint64_t count);

  /// What follows until end_transaction() is one. After some errors the server has undone all of it, and would take what comes
  /// next for a transaction of its own.
  void begin_transaction() {
    in_transaction_ = true;
    failed_ = false;
  }
  /// What was put off and not sent so far never is.
  void end_transaction();

  /// One of the constants of sql/statements, taken apart; kept.
  const RowsStatement& prepared(const Statement& statement);
  /// A range statement for contacts that are named: team, then ids.
  const RowsStatement& prepared_for_contacts(const Statement& statement);
  /// Appends the value as it stands in a statement.
  void append(std::string& out, const MysqlValue& value) const;

  [[nodiscard]] bool lost() const { return lost_; }
  /// The server has ended the connection while nobody asked it anything. Asks the operating system, not the server: false where
  /// that does not know yet.
  [[nodiscard]] bool ended() const;
  /// Something failed in the transaction.
  [[nodiscard]] bool failed() const { return in_transaction_ && failed_; }
  void note_failure(unsigned number);
  [[nodiscard]] const std::string& store() const { return store_; }
  /// What load() needs is allowed.
  [[nodiscard]] bool can_load() const { return can_load_; }
  void allow_load(bool allowed) { can_load_ = allowed; }

 private:
  /// Without a reply, one that answers no rows.
  struct PutOff {
    std::string text;
    std::shared_ptr<MysqlReply> reply;
    [[nodiscard]] bool wanted() const { return !reply || reply.use_count() > 1; }
  };
  struct Loading {
    std::string_view rest;
    bool wanted = false;
  };
  static int begin_loading(void** state, const char* name, void* loading);
  static int load_some(void* state, char* buffer, unsigned size);
  static void end_loading(void* state);
  static int say_nothing(void* state, char* buffer, unsigned size);

  std::shared_ptr<MysqlReply> put_off(std::string text, std::shared_ptr<MysqlReply> reply);
  void send(std::string_view text);
  /// Whole, since several queries are read side by side, and a connection can only be asked again when it has answered.
  MysqlResult answer();
  [[noreturn]] void raise();

  MYSQL* handle_;
  std::string store_;
  const Dialect& dialect_;
  Loading loading_;
  std::vector<PutOff> put_off_;
  std::size_t put_off_size_ = 0;
  bool in_transaction_ = false;
  bool lost_ = false;
  bool failed_ = false;
  bool can_load_ = false;
  std::map<const char*, RowsStatement> statements_;  // by the constant's place, not by its text
  std::map<const char*, RowsStatement> of_contacts_;
};

}  // namespace mailroll::detail
