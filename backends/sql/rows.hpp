/// Between values and what SOCI exchanges with a row: ids as texts, times as microseconds.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"
#include "sql/dialect.hpp"
#include "sql/row_error.hpp"

namespace mailroll::detail {

/// As {id :name} and {blob :name} of the dialect take it.
std::string soci_bytes(const Dialect& dialect, std::span<const std::uint8_t> bytes);
inline std::string soci_id(const Dialect& dialect, const Uuid& id) { return soci_bytes(dialect, id.bytes); }

/// The bytes that came out of a column: as they are, as \x and hexadecimal digits, or as a UUID is written. Throws
/// UnreadableRow where they are not as many as `out`.
void read_bytes(std::string_view column, std::span<std::uint8_t> out);
Uuid uuid_of(std::string_view column);

}  // namespace mailroll::detail
