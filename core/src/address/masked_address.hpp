/// An address shown to whoever may not see it whole.
#pragma once

#include <string>

#include "mailroll/address/email_address.hpp"

namespace mailroll::detail {

/// The first letter of the local part and of the domain, and the top level: "j••••@e••••.com" (bullets are U+2022). Always
/// four bullets, so that lengths are not told. A letter comes with the marks that combine with it; the domain is shown in
/// Unicode.
std::string masked(const EmailAddress& address);

}  // namespace mailroll::detail
