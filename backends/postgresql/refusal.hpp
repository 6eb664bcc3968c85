/// Why a server did not let somebody in.
#pragma once

#include <string>

namespace mailroll::detail {

/// The SQLSTATE with which the server refuses a connection with these settings (as libpq reads them); "" where nobody answers
/// within two seconds, or it does not refuse. It asks by connecting once more: a connection that was refused keeps its server's
/// text alone, which is in the server's language.
std::string refusal_of(const std::string& settings);

}  // namespace mailroll::detail
