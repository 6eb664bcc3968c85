#include "postgresql/soci_session.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

namespace mailroll::detail {

std::shared_ptr<soci::session> open_postgresql_session(const std::string& settings) {
  return std::make_shared<soci::session>(soci::postgresql, settings);
}

PGconn* postgresql_handle(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

std::optional<std::string> soci_postgresql_state() {
  try {
    throw;
  } catch (const soci::postgresql_soci_error& error) {
    const std::string state = error.sqlstate();
    return state == "     " ? std::string() : state;
  } catch (const soci::soci_error&) {
    return std::string();
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace mailroll::detail
