/// Reading rows of MySQL: answers come as text, ids as their bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mailroll/store/person.hpp"
#include "mysql/values.hpp"

namespace mailroll::detail {

/// The row at which an answer stands. Columns are numbered from 0.
class MysqlRow {
 public:
  [[nodiscard]] bool is_null(int column) const { return row_[column] == nullptr; }
  /// 0 for NULL.
  [[nodiscard]] std::int64_t large_number(int column) const;
  [[nodiscard]] std::int32_t number(int column) const { return static_cast<std::int32_t>(large_number(column)); }
  [[nodiscard]] Time time(int column) const { return time_of(large_number(column)); }
  [[nodiscard]] std::optional<Time> optional_time(int column) const {
    if (is_null(column)) return std::nullopt;
    return time(column);
  }
  /// "" for NULL. Valid until the next step.
  [[nodiscard]] std::string_view text(int column) const {
    return is_null(column) ? std::string_view() : std::string_view(row_[column], sizes_[column]);
  }
  /// Throws UnreadableRow where there are not 16 bytes; nil for NULL.
  void read_id(int column, Uuid& out) const;

 protected:
  /// Moves to the next row of the answer; false at its end.
  bool next_row(MYSQL_RES* answer);

 private:
  MYSQL_ROW row_ = nullptr;
  const unsigned long* sizes_ = nullptr;
};

/// A query; asked with its first step.
class MysqlRows : public MysqlRow, public MysqlValues {
 public:
  MysqlRows(MysqlClient& client, const Statement& statement) : MysqlRows(client, client.prepared(statement)) {}
  /// Of a text that is not kept.
  MysqlRows(MysqlClient& client, const std::string& text) : MysqlRows(client, once(text)) {}
  bool step();

 private:
  MysqlRows(MysqlClient& client, const RowsStatement& statement)
      : MysqlValues(statement.count), client_(client), statement_(statement) {}
  MysqlRows(MysqlClient& client, std::unique_ptr<RowsStatement> made) : MysqlRows(client, *made) {
    once_ = std::move(made);
  }
  static std::unique_ptr<RowsStatement> once(const std::string& text) {
    return std::make_unique<RowsStatement>(rows_statement(text));
  }

  MysqlClient& client_;
  std::unique_ptr<RowsStatement> once_;
  const RowsStatement& statement_;
  MysqlResult result_;
};

/// The rows of one of a person's tables in a range of ids, which are its first column. Asked for when it is made, and answered
/// when it is stepped first; in pages, where the range is not of one id.
class MysqlRangeRows : public MysqlRow {
 public:
  MysqlRangeRows(MysqlClient& client, const Statement& statement, std::int32_t team, const IdRange& range,
                 std::size_t limit);
  /// Of these contacts, of whom there are some, in one answer.
  MysqlRangeRows(MysqlClient& client, const Statement& statement, std::int32_t team,
                 std::span<const ContactId> contacts);
  bool step();

 private:
  void ask();

  MysqlClient& client_;
  const RowsStatement& statement_;
  std::int32_t team_;
  IdRange range_;
  bool paged_ = false;
  std::shared_ptr<MysqlReply> reply_;
  std::size_t page_ = 0;      ///< rows of a page
  std::size_t stepped_ = 0;   ///< rows of this page
  std::size_t of_first_ = 0;  ///< rows of range_.first that are passed by, in all pages so far
};

/// Appends the statement with the values in it.
void fill(const MysqlClient& client, const RowsStatement& statement, const std::vector<MysqlValue>& values,
          std::string& out);

}  // namespace mailroll::detail
