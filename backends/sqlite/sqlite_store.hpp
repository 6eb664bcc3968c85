/// Stores in SQLite files: sqlite:///relative.db, sqlite:////absolute.db, sqlite://:memory:.
#pragma once

#include <memory>
#include <string>

#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// Opens the file, or makes it, and brings its schema up to date.
std::shared_ptr<Store> open_sqlite_store(const std::string& address);

/// init_store().
InitPlan init_sqlite_store(const std::string& address, const InitOptions& options);

/// One line with SQLite's version.
std::string sqlite_description();

}  // namespace mailroll::detail
