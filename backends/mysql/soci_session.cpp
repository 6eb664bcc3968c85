#include "mysql/soci_session.hpp"

#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

namespace mailroll::detail {

std::shared_ptr<soci::session> open_mysql_session(const std::string& connection) {
  return std::make_shared<soci::session>(soci::mysql, connection);
}

MYSQL* mysql_handle(soci::session& session) {
  return static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
}

std::optional<unsigned> mysql_error_number() {
  try {
    throw;
  } catch (const soci::mysql_soci_error& error) {
    return error.err_num_;
  } catch (const soci::soci_error&) {
    return 0;
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace mailroll::detail
