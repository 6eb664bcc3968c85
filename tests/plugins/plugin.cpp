// A plugin whose stores are memory stores; CMakeLists.txt makes it wrong in one way at a time.
#include "mailroll/error.hpp"
#include "mailroll/store/backend.hpp"
#include "mailroll/store/registry.hpp"

#ifndef RAISED
#define RAISED 0
#endif
#ifndef SCHEME
#define SCHEME "unwilling"
#endif

#ifndef WITHOUT_ABI
std::uint32_t mailroll_backend_abi() { return mailroll::backend_abi + RAISED; }
#endif

#ifndef WITHOUT_BACKEND
void mailroll_backend(mailroll::Backend& backend) {
#ifdef UNWILLING
  throw mailroll::Error(mailroll::ErrorKind::storage, "this engine wants a kernel module");
#endif
  backend.scheme = SCHEME;
  backend.description = "memory in disguise";
  backend.open = [](const std::string& address) {
    if (address.ends_with("/refuse")) {
      throw mailroll::Error(mailroll::ErrorKind::storage, "no such server", {{"reason", "unreachable"}});
    }
    return mailroll::open_store("memory://");  // of the host's registry: there is no other
  };
}
#endif
