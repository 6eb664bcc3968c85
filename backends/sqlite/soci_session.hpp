/// The one file that sees SOCI's SQLite header, which declares SQLite's names a second time in a namespace of its own.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;

namespace soci {
class session;
}

namespace mailroll::detail {

/// Opens a session on the file, which is made if it is not there. Throws what SOCI throws.
std::shared_ptr<soci::session> open_soci_session(const std::string& path);

/// The handle under a session; belongs to the session.
sqlite3* native_handle(soci::session& session);

/// SQLite's result code where the exception being handled is one of SOCI's (1, SQLITE_ERROR, where it has none);
/// nothing where it is another.
std::optional<int> soci_error_code();

}  // namespace mailroll::detail
