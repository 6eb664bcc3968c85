#include "transfer/sorted_rows.hpp"

#include <algorithm>

namespace mailroll::detail {

SortedRows::SortedRows(const Spool& spool, std::size_t partition) {
  spool.load(partition, records_);
  for (std::size_t offset = 0; offset < records_.size();) {
    Entry entry;
    entry.offset = offset;
    offset = decode_id(records_, offset, entry.id);
    order_.push_back(entry);
  }
  // Records lie in the order of reading, so their offsets tell which row was read first.
  std::ranges::sort(order_, [](const Entry& a, const Entry& b) {
    const auto order = a.id <=> b.id;
    return order != 0 ? order < 0 : a.offset < b.offset;
  });
}

std::size_t SortedRows::skip(std::size_t place, std::size_t contacts) const {
  for (; contacts > 0 && place < order_.size(); --contacts) {
    const ContactId& id = order_[place].id;
    while (place < order_.size() && order_[place].id == id) ++place;
  }
  return place;
}

std::span<const PreparedRow> GroupCursor::next(const SortedRows& rows, std::size_t& place) {
  std::size_t count = 0;
  const ContactId& id = rows.order_[place].id;
  for (; place < rows.order_.size() && rows.order_[place].id == id; ++place, ++count) {
    if (group_.size() == count) group_.emplace_back();
    decode(rows.records_, rows.order_[place].offset, group_[count]);
  }
  return {group_.data(), count};
}

}  // namespace mailroll::detail
