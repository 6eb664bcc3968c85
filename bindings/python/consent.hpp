/// Consent events and what asks for them, as Python sees them.
#pragma once

#include <optional>
#include <string>

#include "bind.hpp"

namespace mailroll::python {

/// A consent event with its topic, whose number means nothing outside.
struct NamedEvent {
  ConsentEvent event;
  std::optional<Topic> topic;  ///< nothing: about everything, or about a topic that was deleted
};

/// `topic` names the scope, `everything` its absence: exactly one of them, or TypeError.
Scope scope_of(const std::optional<TopicRef>& topic, bool everything);

/// `override` and `evidence` as callers give them: evidence is free words, or a mapping with the keys of Evidence.
PermissionOptions permission_options(const std::optional<std::string>& override_reason,
                                     const std::optional<std::string>& by, const py::object& evidence);

}  // namespace mailroll::python
