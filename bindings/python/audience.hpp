/// An audience of an open roll.
#pragma once

#include "consent.hpp"
#include "open_roll.hpp"

namespace mailroll::python {

struct OpenAudience {
  SharedRoll roll;
  Audience audience;
};

/// A Recipient: a tuple with names.
py::object as_recipient(const Recipient& recipient);

}  // namespace mailroll::python
