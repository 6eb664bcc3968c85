/// Where a PostgreSQL database is.
#pragma once

#include <string>

namespace mailroll::detail {

struct PostgresqlPlace {
  std::string settings;  ///< as libpq reads it, key='value' ..., with the password if the address has one
  std::string name;      ///< the address, to show
};

/// Reads an address as libpq does: postgresql://user:password@host:port/database?sslmode=require, ?host=/run/postgresql and
/// so on; what is not said comes from its environment (PGHOST, PGPASSFILE ...). Throws Error(invalid).
PostgresqlPlace postgresql_place(const std::string& address);

}  // namespace mailroll::detail
