/// Evidence as the JSON object that stands in a row of consent_events.
#pragma once

#include <string>
#include <string_view>

#include "mailroll/consent/event.hpp"

namespace mailroll::detail {

/// "" where there is none; otherwise an object of what is not empty.
std::string evidence_json(const Evidence& evidence);
/// Throws UnreadableRow on what evidence_json() never writes.
Evidence evidence_of(std::string_view json);

}  // namespace mailroll::detail
