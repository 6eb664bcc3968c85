/// A statement taken apart at its placeholders, for engines without arrays, where many rows are one statement with many tuples.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailroll::detail {

struct RowsStatement {
  /// What stands around the placeholders: one more than there are.
  std::vector<std::string> pieces;
  /// Which value is at each of them, from 0 in the order in which the statement first names them.
  std::vector<std::size_t> values;
  std::size_t count = 0;  ///< of different values

  /// Many rows: `head`, then the pieces with the values of each row, between commas, then `tail`. Without a head the statement is
  /// for one row only.
  std::string head;
  std::string tail;

  /// Where it inserts exactly what it is given, in the order of the values: the table, and its columns between brackets, by
  /// which engines load many rows. "" where it says more.
  std::string table;
  std::string columns;
};

/// INSERT INTO t (a, b) VALUES (:a, :b) ... and DELETE FROM t WHERE a = :a AND b = :b are for many rows; all others for one.
RowsStatement rows_statement(std::string_view text);

}  // namespace mailroll::detail
