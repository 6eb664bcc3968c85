/// Why a server did not let somebody in.
#pragma once

#include <string>

namespace mailroll::detail {

struct Refusal {
  std::string state;  ///< the server's SQLSTATE; "" where nobody answers within two seconds, or it does not refuse
  bool not_over_tls = false;  ///< it did not come to that: the settings ask for TLS, and it failed
};

/// How a connection with these settings (as libpq reads them) is refused. It asks by connecting once more: a connection that was
/// refused keeps a text alone, which is in the server's language.
Refusal refusal_of(const std::string& settings);

}  // namespace mailroll::detail
