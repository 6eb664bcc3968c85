/// What differs between SQL engines, as data.
#pragma once

#include <string_view>

namespace mailroll::detail {

struct Dialect {
  std::string_view name;         ///< as in the names of its migration files: "sqlite" in 0001_first.sqlite.sql
  std::string_view id_type;      ///< column type of 16-byte ids
  std::string_view packed;       ///< behind a table's columns: one tree ordered by the primary key
  std::string_view begin_write;  ///< begins a transaction that excludes other migrations
};

}  // namespace mailroll::detail
