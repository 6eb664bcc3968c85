/// Reading rows of PostgreSQL: binary values of an answer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "mailroll/store/store.hpp"
#include "mailroll/time.hpp"
#include "postgresql/native.hpp"

namespace mailroll::detail {

/// The row at which an answer stands. Columns are numbered from 0.
class PostgresqlRow {
 public:
  [[nodiscard]] bool is_null(int column) const { return PQgetisnull(result(), row_, column) != 0; }
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
    return {PQgetvalue(result(), row_, column), static_cast<std::size_t>(PQgetlength(result(), row_, column))};
  }
  /// Throws UnreadableRow where there are not 16 bytes; nil for NULL.
  void read_id(int column, Uuid& out) const;

 protected:
  [[nodiscard]] const PGresult* result() const { return reply_->result; }

  std::shared_ptr<PostgresqlReply> reply_;
  int row_ = -1;
};

/// A query; sent with its first step.
class PostgresqlRows : public PostgresqlRow {
 public:
  PostgresqlRows(Native& native, const Statement& statement) : native_(native), prepared_(native.prepared(statement)) {}
  /// Of a text that is planned for the values it is run with, and not kept.
  PostgresqlRows(Native& native, const std::string& text)
      : native_(native), once_(Native::prepared_once(text)), prepared_(once_) {}
  PostgresqlRows(const PostgresqlRows&) = delete;
  PostgresqlRows& operator=(const PostgresqlRows&) = delete;

  PostgresqlRows& bind(std::int64_t value) {
    values_.add(value);
    return *this;
  }
  PostgresqlRows& bind(std::int32_t value) { return bind(std::int64_t{value}); }
  PostgresqlRows& bind(std::string_view value) {
    values_.add_text(std::string(value));
    return *this;
  }
  PostgresqlRows& bind(const Uuid& id);

  /// Moves to the next row; false at the end.
  bool step();

 private:
  Native& native_;
  Native::Prepared once_;
  Native::Prepared& prepared_;
  PostgresqlValues values_;
};

/// The rows of one of a person's tables in a range of ids, which are its first column. Sent at once; where the range is not of
/// one id, in pages that are asked for as they are needed.
class PostgresqlRangeRows : public PostgresqlRow {
 public:
  PostgresqlRangeRows(Native& native, const Statement& statement, std::int32_t team, const IdRange& range,
                      std::size_t limit);
  /// Of these contacts, in one answer.
  PostgresqlRangeRows(Native& native, const Statement& statement, std::int32_t team,
                      std::span<const ContactId> contacts);
  bool step();

 private:
  void ask();
  void turn_page();

  Native& native_;
  Native::Prepared& prepared_;
  std::int32_t team_;
  IdRange range_;
  bool paged_ = false;
  int page_ = 0;  ///< rows of a page
  int seen_ = 0;  ///< rows of the page's first id that are passed by
};

}  // namespace mailroll::detail
