/// The one file that sees SOCI's PostgreSQL header.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <libpq-fe.h>

namespace soci {
class session;
}

namespace mailroll::detail {

/// Connects. `settings` is as libpq reads it: key='value' ... Throws what SOCI throws.
std::shared_ptr<soci::session> open_postgresql_session(const std::string& settings);

/// The handle under a session; belongs to the session.
PGconn* postgresql_handle(soci::session& session);

/// The SQLSTATE where the exception being handled is one of SOCI's ("" where it has none); nothing where it is another.
std::optional<std::string> soci_postgresql_state();

}  // namespace mailroll::detail
