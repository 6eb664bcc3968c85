#include "mysql/mysql_store.hpp"

#include <mysql.h>

#include "mysql/connection.hpp"
#include "sql/server_store.hpp"

namespace mailroll::detail {
namespace {

constexpr int most_sessions = 16;  // of the 151 that a server has as it is delivered

}  // namespace

std::shared_ptr<Store> open_mysql_store(const std::string& address) {
  return std::make_shared<ServerStore<MysqlConnection, MysqlPlace>>(mysql_place_of(address), most_sessions);
}

InitPlan init_mysql_store(const std::string& address, const InitOptions& options) {
  return MysqlConnection(mysql_place_of(address)).init(options);
}

std::string mysql_description() {
  return std::string("a MySQL (8) or MariaDB (10.6 or later) server, by libmariadb ") + mysql_get_client_info();
}

}  // namespace mailroll::detail
