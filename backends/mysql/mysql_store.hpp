/// A store in a MySQL or MariaDB database.
#pragma once

#include <memory>
#include <string>

#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// Opens the database, and makes its schema or brings it up to date. Addresses are told in mysql_place.hpp.
std::shared_ptr<Store> open_mysql_store(const std::string& address);

/// init_store().
InitPlan init_mysql_store(const std::string& address, const InitOptions& options);

/// One line for people, with the client's version.
std::string mysql_description();

}  // namespace mailroll::detail
