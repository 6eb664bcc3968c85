/// An audience of an open roll.
#pragma once

#include "consent.hpp"
#include "open_roll.hpp"

namespace mailroll::python {

struct OpenAudience {
  SharedRoll roll;
  Audience audience;
};

}  // namespace mailroll::python
