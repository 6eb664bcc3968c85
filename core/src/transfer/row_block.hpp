/// Raw rows on their way from the thread that parses to the one that prepares.
#pragma once

#include <cstddef>
#include <string>

#include "mailroll/transfer/row.hpp"
#include "transfer/prepared_row.hpp"

namespace mailroll::detail {

/// Rows of one file, copied out of its reader's buffer.
class RowBlock {
 public:
  void add(const RawRow& row, AudienceIndex audience);
  [[nodiscard]] bool full() const { return bytes_.size() >= std::size_t{256} << 10; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  /// Reads the next row into `row`, whose texts are views of this; false at the end.
  bool next(RawRow& row, AudienceIndex& audience);
  /// The next row is the first again.
  void rewind() { taken_ = 0; }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

}  // namespace mailroll::detail
