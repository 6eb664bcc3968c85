/// Writing many rows with one statement of PostgreSQL, whose columns are arrays, or by COPY.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/time.hpp"
#include "postgresql/native.hpp"

namespace mailroll::detail {

/// Collects rows, and sends them when there are many, and with send(): as arrays, or, where they are only inserted and are more
/// than a few, by COPY, which costs the server two thirds of the time. Done when Native::settle() returns.
class PostgresqlBatch {
 public:
  PostgresqlBatch(Native& native, const Statement& statement);

  /// The first parameter, for all rows.
  void keep(std::int32_t value) {
    bind(value);
    kept_ = 1;
  }
  PostgresqlBatch& bind(std::int64_t value);
  PostgresqlBatch& bind(std::int32_t value) { return bind(std::int64_t{value}); }
  PostgresqlBatch& bind(std::string_view value);
  PostgresqlBatch& bind(const Uuid& id);
  PostgresqlBatch& bind(Time time) { return bind(std::int64_t{microseconds(time)}); }
  PostgresqlBatch& bind_null();
  template <typename Value>
  PostgresqlBatch& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }
  PostgresqlBatch& bind_text_or_null(std::string_view value) { return value.empty() ? bind_null() : bind(value); }
  PostgresqlBatch& bind_id_or_null(const Uuid& id) { return id.is_nil() ? bind_null() : bind(id); }

  /// The row is complete.
  void run();
  void send();

 private:
  struct Column {
    PostgresqlParameter::Element element = PostgresqlParameter::Element::one;
    std::string data;  ///< the elements of an array as they are sent, or the one value as text
    bool nulls = false;
  };
  Column& next();
  void send_arrays();
  void copy();
  void clear();

  Native& native_;
  Native::Prepared& prepared_;
  std::vector<Column> columns_;
  std::size_t next_ = 0;
  std::size_t kept_ = 0;
  std::int32_t rows_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace mailroll::detail
