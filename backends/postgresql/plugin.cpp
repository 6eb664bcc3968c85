#include "mailroll/store/backend.hpp"
#include "postgresql/postgresql_store.hpp"

std::uint32_t mailroll_backend_abi() { return mailroll::backend_abi; }

void mailroll_backend(mailroll::Backend& backend) {
  backend.scheme = "postgresql";
  backend.description = mailroll::detail::postgresql_description();
  backend.open = mailroll::detail::open_postgresql_store;
  backend.init = mailroll::detail::init_postgresql_store;
}
