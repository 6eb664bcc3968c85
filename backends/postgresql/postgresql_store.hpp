/// Stores in PostgreSQL databases: postgresql://user:password@host:port/database?option=value.
#pragma once

#include <memory>
#include <string>

#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// Connects, and makes the schema or brings it up to date.
std::shared_ptr<Store> open_postgresql_store(const std::string& address);

/// init_store().
InitPlan init_postgresql_store(const std::string& address, const InitOptions& options);

/// One line with the version of the client library.
std::string postgresql_description();

}  // namespace mailroll::detail
