#include "postgresql/postgresql_store.hpp"

#include "postgresql/connection.hpp"
#include "sql/server_store.hpp"

namespace mailroll::detail {
namespace {

constexpr int most_sessions = 16;  // of the hundred that a server has as it is delivered

}  // namespace

std::shared_ptr<Store> open_postgresql_store(const std::string& address) {
  return std::make_shared<ServerStore<PostgresqlConnection, PostgresqlPlace>>(postgresql_place(address), most_sessions);
}

InitPlan init_postgresql_store(const std::string& address, const InitOptions& options) {
  return PostgresqlConnection(postgresql_place(address)).init(options);
}

std::string postgresql_description() {
  const int version = PQlibVersion();
  return "a PostgreSQL server, 13 to 17, by libpq " + std::to_string(version / 10000) + "." +
         std::to_string(version % 10000);
}

}  // namespace mailroll::detail
