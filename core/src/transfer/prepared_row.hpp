/// A row that is ready to be merged: address read, id computed, times read. And its form in the spool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll::detail {

/// Index of an audience in the input; no_audience where a rejected row does not tell.
using AudienceIndex = std::uint32_t;
inline constexpr AudienceIndex no_audience = std::numeric_limits<AudienceIndex>::max();

/// Texts are views: of a RawRow while preparing, of a loaded partition afterwards.
struct PreparedRow {
  ContactId id;
  AudienceIndex audience = 0;
  bool unsubscribed = false;
  bool opt_out_only = false;  ///< the row is rejected, but its opt-out counts: it makes no contact and no member
  std::uint32_t file = 0;     ///< index of the file, and the row's place in it, for rejects that are found late
  std::uint64_t row = 0;
  std::uint64_t line = 0;
  std::optional<Time> unsubscribed_at;
  std::optional<Time> created_at;
  std::optional<Time> updated_at;
  std::string_view delivery;  ///< where mail goes
  std::string_view written;   ///< the address as the file writes it, ends trimmed
  std::string_view alias;     ///< the old id
  std::string_view first_name;
  std::string_view last_name;
  std::vector<std::pair<std::uint32_t, std::string_view>> properties;  ///< index in PropertyColumns, text

  /// Which row is newer; nothing: older than all that have a time.
  [[nodiscard]] std::optional<Time> time() const { return updated_at ? updated_at : created_at; }
};

/// Appends the row's record.
void encode(const PreparedRow& row, std::string& out);
/// Reads the record at `offset`; answers where the next one begins. `row` keeps its memory.
std::size_t decode(std::string_view records, std::size_t offset, PreparedRow& row);
/// Id and length alone, for sorting.
std::size_t decode_id(std::string_view records, std::size_t offset, ContactId& id);

}  // namespace mailroll::detail
