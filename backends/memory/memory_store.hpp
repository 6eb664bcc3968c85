/// The reference store: everything in maps, nothing on disk. Other backends are compared with it step by step.
#pragma once

#include <memory>
#include <string>

#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// A new, empty store for every call. `address` is `memory://`, with anything behind it as a name to show.
std::shared_ptr<Store> open_memory_store(const std::string& address);

}  // namespace mailroll::detail
