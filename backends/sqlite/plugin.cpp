#include "mailroll/store/backend.hpp"
#include "sqlite/sqlite_store.hpp"

std::uint32_t mailroll_backend_abi() { return mailroll::backend_abi; }

void mailroll_backend(mailroll::Backend& backend) {
  backend.scheme = "sqlite";
  backend.description = mailroll::detail::sqlite_description();
  backend.open = mailroll::detail::open_sqlite_store;
  backend.init = mailroll::detail::init_sqlite_store;
}
