/// A statement, and what it is on engines that cannot read it or would be slow with it.
#pragma once

#include <string_view>

namespace mailroll::detail {

/// Placeholders are :name. Where a value needs a word of the dialect around it, {id :name} is an id and {blob :name} bytes
/// (sql/dialect.hpp). Parameters are bound in the order in which `all` first names them,
/// also by a variant that names them in another order; where there is only a variant, in its own.
///
/// Session::write() sends many rows at once. A variant for an engine behind a network takes them all in one statement: on
/// PostgreSQL each column is an array, :name::uuid[], ::int[], ::bigint[] or ::text[]; what is no array is one value for all rows.
struct Statement {
  struct Variants {
    std::string_view postgresql;
    std::string_view mysql;
  };

  constexpr Statement(std::string_view text, Variants own = {})  // NOLINT(google-explicit-constructor)
      : all(text), variants(own) {}

  std::string_view all;  ///< for every engine without a variant of its own
  Variants variants;
};

}  // namespace mailroll::detail
