/// What an error number of MySQL, MariaDB or libmariadb means.
#pragma once

#include <string_view>

namespace mailroll::detail {

/// The connection is gone: the transaction too, and whether a commit under way happened is unknown.
bool is_connection_lost(unsigned number);

/// Throws Error(storage). `store` is the name to show; `opening`: there was no connection yet.
[[noreturn]] void raise_mysql_error(unsigned number, std::string_view store, bool opening = false);

}  // namespace mailroll::detail
