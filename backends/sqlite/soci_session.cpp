#include "sqlite/soci_session.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace mailroll::detail {

std::shared_ptr<soci::session> open_soci_session(const std::string& path) {
  // SOCI takes a text without "=" whole as the path, and otherwise reads key="value".
  const bool plain = path.find('=') == std::string::npos;
  return std::make_shared<soci::session>(soci::sqlite3, plain ? path : "dbname=\"" + path + "\"");
}

sqlite3* native_handle(soci::session& session) {
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
  return reinterpret_cast<::sqlite3*>(backend->conn_);
}

std::optional<int> soci_error_code() {
  try {
    throw;
  } catch (const soci::sqlite3_soci_error& error) {
    return error.result();
  } catch (const soci::soci_error&) {
    return 1;
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace mailroll::detail
