#include "postgresql/batch.hpp"

#include "postgresql/array.hpp"

namespace mailroll::detail {
namespace {

using Element = PostgresqlParameter::Element;

constexpr std::int32_t few_rows = 200;  // not worth the wait for COPY, which cannot be sent with other statements
constexpr std::int32_t most_rows = 16384;
constexpr std::size_t most_bytes = std::size_t{4} << 20;

/// PostgreSQL's numbers of the types, which are the same in every database.
std::int32_t type_of(Element element) {
  switch (element) {
    case Element::small_integer: return 21;
    case Element::integer: return 23;
    case Element::big_integer: return 20;
    case Element::uuid: return postgresql_uuid;
    case Element::text:
    case Element::one: break;
  }
  return 25;
}

/// Of the first element of these, with what says its size.
std::size_t size_of_element(std::string_view elements) {
  std::uint32_t size = 0;
  for (const char byte : elements.substr(0, 4)) size = size << 8 | static_cast<std::uint8_t>(byte);
  return 4 + (size == 0xffffffff ? 0 : size);
}

void add_bytes(std::string& out, std::string_view bytes) {
  add_number(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

}  // namespace

PostgresqlBatch::PostgresqlBatch(Native& native, const Statement& statement)
    : native_(native), prepared_(native.prepared(statement)), columns_(prepared_.parameters.size()) {
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].element = prepared_.parameters[i].element;
}

PostgresqlBatch::Column& PostgresqlBatch::next() { return columns_.at(next_++); }

PostgresqlBatch& PostgresqlBatch::bind(std::int64_t value) {
  Column& column = next();
  switch (column.element) {
    case Element::small_integer:
      add_number(column.data, std::int32_t{2});
      add_number(column.data, static_cast<std::int16_t>(value));
      break;
    case Element::integer:
      add_number(column.data, std::int32_t{4});
      add_number(column.data, static_cast<std::int32_t>(value));
      break;
    case Element::big_integer:
      add_number(column.data, std::int32_t{8});
      add_number(column.data, value);
      break;
    default: column.data = std::to_string(value);
  }
  return *this;
}

PostgresqlBatch& PostgresqlBatch::bind(std::string_view value) {
  add_bytes(next().data, value);
  bytes_ += value.size();
  return *this;
}

PostgresqlBatch& PostgresqlBatch::bind(const Uuid& id) {
  add_bytes(next().data, {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  return *this;
}

PostgresqlBatch& PostgresqlBatch::bind_null() {
  Column& column = next();
  add_number(column.data, std::int32_t{-1});
  column.nulls = true;
  return *this;
}

void PostgresqlBatch::run() {
  next_ = kept_;
  ++rows_;
  if (rows_ == most_rows || bytes_ >= most_bytes) send();
}

void PostgresqlBatch::send() {
  if (rows_ == 0) return;
  prepared_.copy.empty() || rows_ < few_rows ? send_arrays() : copy();
  clear();
}

void PostgresqlBatch::send_arrays() {
  PostgresqlValues values;
  for (const Column& column : columns_) {
    if (column.element == Element::one) {
      values.add_text(column.data);
      continue;
    }
    std::string array;
    array.reserve(column.data.size() + 20);
    begin_array(array, column.nulls, type_of(column.element), rows_);
    array += column.data;
    values.add_bytes(std::move(array));
  }
  native_.send(prepared_, values);
}

void PostgresqlBatch::copy() {
  constexpr std::string_view beginning("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
  std::string kept;  // team_id
  add_number(kept, std::int32_t{4});
  add_number(kept, static_cast<std::int32_t>(std::stol(columns_.front().data)));
  std::string rows(beginning);
  std::size_t size = kept.size() + 2;
  for (const Column& column : columns_) size += column.data.size() / static_cast<std::size_t>(rows_) + 1;
  rows.reserve(rows.size() + size * static_cast<std::size_t>(rows_));
  // An element of an array stands there as a field of a row does: its size, or -1 for NULL, and its bytes.
  std::vector<std::size_t> at(columns_.size());
  for (std::int32_t row = 0; row < rows_; ++row) {
    add_number(rows, static_cast<std::int16_t>(columns_.size()));
    rows += kept;
    for (std::size_t i = kept_; i < columns_.size(); ++i) {
      const std::string_view rest = std::string_view(columns_[i].data).substr(at[i]);
      const std::size_t bytes = size_of_element(rest);
      rows += rest.substr(0, bytes);
      at[i] += bytes;
    }
  }
  add_number(rows, std::int16_t{-1});
  native_.copy(prepared_.copy, rows);
}

void PostgresqlBatch::clear() {
  for (std::size_t i = kept_; i < columns_.size(); ++i) {
    columns_[i].data.clear();
    columns_[i].nulls = false;
  }
  rows_ = 0;
  bytes_ = 0;
}

}  // namespace mailroll::detail
