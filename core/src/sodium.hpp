/// libsodium, ready for use.
#pragma once

#include <sodium.h>

#include "mailroll/error.hpp"

namespace mailroll::detail {

/// Call before anything of libsodium. Cheap, and safe from several threads.
inline void require_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready)
    throw Error(ErrorKind::storage, "libsodium cannot start: the system gives no random numbers",
                {{"reason", "failed"}});
}

}  // namespace mailroll::detail
