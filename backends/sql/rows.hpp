/// Between values and what SOCI exchanges with a row: ids as strings of 16 bytes, times as microseconds.
#pragma once

#include <cstring>
#include <optional>
#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"
#include "sql/row_error.hpp"

namespace mailroll::detail {

inline std::string bytes_of(const Uuid& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

inline Uuid uuid_of(const std::string& bytes) {
  Uuid id;
  if (bytes.size() != id.bytes.size()) throw UnreadableRow();
  std::memcpy(id.bytes.data(), bytes.data(), id.bytes.size());
  return id;
}

}  // namespace mailroll::detail
