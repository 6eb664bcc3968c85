#include "mailroll/store/backend.hpp"
#include "mysql/mysql_store.hpp"

std::uint32_t mailroll_backend_abi() { return mailroll::backend_abi; }

void mailroll_backend(mailroll::Backend& backend) {
  backend.scheme = "mysql";
  backend.description = mailroll::detail::mysql_description();
  backend.open = mailroll::detail::open_mysql_store;
  backend.init = mailroll::detail::init_mysql_store;
}
