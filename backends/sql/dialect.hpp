/// What differs between SQL engines, as data.
#pragma once

#include <string>
#include <string_view>

#include "sql/statement.hpp"

namespace mailroll::detail {

struct Dialect {
  std::string_view name;  ///< as in the names of its migration files: "sqlite" in 0001_first.sqlite.sql

  // Types of columns, in migrations.
  std::string_view id_type;     ///< {id}: 16 bytes
  std::string_view blob_type;   ///< {blob}: some bytes
  std::string_view text_type;   ///< {text}: any length, compared as bytes
  std::string_view short_text;  ///< {text N}: at most N characters, compared as bytes; {size} is N
  std::string_view key_text;    ///< {key N}: the same, where a key of the usual length would not hold N characters
  std::string_view packed;      ///< {packed}: behind a table's columns: one tree ordered by the primary key

  // Values of statements over SOCI; {} is the placeholder.
  std::string_view id_value;    ///< {id :name}
  std::string_view blob_value;  ///< {blob :name}
  bool as_hex = false;          ///< ids and bytes are given to SOCI as hexadecimal digits, not as they are

  /// What statements say as ON CONFLICT (a, b) DO UPDATE SET c = excluded.c is said as ON DUPLICATE KEY UPDATE c = VALUES(c).
  bool on_duplicate_key = false;

  bool adds_foreign_keys = true;  ///< to tables that are there
  bool distributes = false;       ///< tables can be spread over machines (schema_distribution.hpp)

  /// The dialect's variant of a statement.
  [[nodiscard]] std::string_view variant(const Statement& statement) const;
  /// ... with the dialect's words put in.
  [[nodiscard]] std::string text(const Statement& statement) const;
  /// A migration with the dialect's words put in.
  [[nodiscard]] std::string migration(std::string_view file) const;
};

}  // namespace mailroll::detail
