/// The rows of one partition in ascending order of contact id, and a cursor that takes them contact by contact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transfer/prepared_row.hpp"
#include "transfer/spool.hpp"

namespace mailroll::detail {

/// Never changes once loaded, so that two threads may read it.
class SortedRows {
 public:
  SortedRows(const Spool& spool, std::size_t partition);

  [[nodiscard]] std::size_t size() const { return order_.size(); }
  [[nodiscard]] const ContactId& id(std::size_t place) const { return order_[place].id; }
  /// The place of the first row behind those of up to `contacts` contacts that begin at `place`.
  [[nodiscard]] std::size_t skip(std::size_t place, std::size_t contacts) const;

 private:
  friend class GroupCursor;
  struct Entry {
    ContactId id;
    std::uint64_t offset = 0;
  };
  std::string records_;
  std::vector<Entry> order_;
};

class GroupCursor {
 public:
  /// The next contact's rows from `place` on, in the order of reading; good until the next call. Moves `place` behind
  /// them.
  std::span<const PreparedRow> next(const SortedRows& rows, std::size_t& place);

 private:
  std::vector<PreparedRow> group_;
};

}  // namespace mailroll::detail
