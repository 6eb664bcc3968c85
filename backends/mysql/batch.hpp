/// Writing many rows with one statement of MySQL.
#pragma once

#include <cstdint>
#include <string>

#include "mysql/values.hpp"

namespace mailroll::detail {

/// Collects rows, and sends them when they are many, and with send(): as one statement with many tuples, or, where rows are only
/// inserted and they turn out to be many, as a file that the server reads out of this program's memory, which costs it about
/// two thirds of the time. A statement that is not for many rows is sent with each row. What is sent is put off
/// (MysqlClient::later), but for files.
class MysqlBatch : public MysqlValues {
 public:
  MysqlBatch(MysqlClient& client, const Statement& statement) : MysqlBatch(client, client.prepared(statement)) {}

  /// The first parameter, for all rows.
  void keep(std::int32_t value) {
    bind(value);
    kept_ = 1;
  }
  /// The row is complete.
  void run();
  void send();

 private:
  MysqlBatch(MysqlClient& client, const RowsStatement& statement)
      : MysqlValues(statement.count), client_(client), statement_(statement) {}
  void add_tuple();
  void add_fields();

  MysqlClient& client_;
  const RowsStatement& statement_;
  std::size_t kept_ = 0;
  std::string text_;           ///< the tuples of a statement, or the lines of a file
  std::uint64_t waiting_ = 0;  ///< rows in it
  bool loading_ = false;       ///< they are lines
};

}  // namespace mailroll::detail
