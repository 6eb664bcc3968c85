/// Thrown where a row holds what mailroll never writes; a backend turns it into Error(storage, corrupt).
#pragma once

#include <exception>

namespace mailroll::detail {

struct UnreadableRow : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "a row that mailroll did not write"; }
};

}  // namespace mailroll::detail
