/// Binding values, in the order in which a statement first names them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"
#include "mysql/client.hpp"

namespace mailroll::detail {

class MysqlValues {
 public:
  MysqlValues& bind(std::int64_t value) {
    next(MysqlValue::Kind::number).number = value;
    return *this;
  }
  MysqlValues& bind(std::int32_t value) { return bind(std::int64_t{value}); }
  MysqlValues& bind(std::string_view value) {
    next(MysqlValue::Kind::text).bytes.assign(value);
    return *this;
  }
  MysqlValues& bind(const Uuid& id) {
    next(MysqlValue::Kind::bytes).bytes.assign(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    return *this;
  }
  MysqlValues& bind(Time time) { return bind(std::int64_t{microseconds(time)}); }
  MysqlValues& bind_null() {
    next(MysqlValue::Kind::null);
    return *this;
  }
  template <typename Value>
  MysqlValues& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }
  MysqlValues& bind_text_or_null(std::string_view value) { return value.empty() ? bind_null() : bind(value); }
  MysqlValues& bind_id_or_null(const Uuid& id) { return id.is_nil() ? bind_null() : bind(id); }

 protected:
  explicit MysqlValues(std::size_t count) : values_(count) {}

  std::vector<MysqlValue> values_;
  std::size_t next_ = 0;

 private:
  MysqlValue& next(MysqlValue::Kind kind) {
    MysqlValue& value = values_.at(next_++);
    value.kind = kind;
    return value;
  }
};

}  // namespace mailroll::detail
