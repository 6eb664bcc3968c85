/// The one file that sees SOCI's MySQL header.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>

#include <mysql.h>

namespace soci {
class session;
}

namespace mailroll::detail {

/// Opens a session with the parameters of MysqlPlace. Throws what SOCI throws.
std::shared_ptr<soci::session> open_mysql_session(const std::string& connection);

/// The handle under a session; belongs to the session.
MYSQL* mysql_handle(soci::session& session);

/// The server's or the client's error number where the exception being handled is one of SOCI's (0 where it has none); nothing
/// where it is another.
std::optional<unsigned> mysql_error_number();

}  // namespace mailroll::detail
