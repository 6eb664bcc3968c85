/// What a fuzzer promises of every input.
#pragma once

#include <cstdlib>

namespace mailroll::fuzz {

inline void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace mailroll::fuzz
