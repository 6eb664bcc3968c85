/// Rejected rows of an import or migration, told to programs and to people.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "mailroll/transfer/row.hpp"
#include "printer.hpp"

namespace mailroll::cli {

using RejectCounts = std::array<std::uint64_t, reject_reason_count>;

/// Only reasons that occur, by their code.
Json rejected_json(const RejectCounts& counts);
/// " (address_syntax 9, value_type 4)"; "" where none was rejected.
std::string rejected_in_words(const RejectCounts& counts);
/// Where the rejected rows can be seen; "" where there are none. `file`: of --rejects, or "".
std::string rejects_hint(std::uint64_t rejected, const std::string& file);

}  // namespace mailroll::cli
