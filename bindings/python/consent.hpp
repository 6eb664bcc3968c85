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

/// What comes with an act, as callers give it; what is not given is none, and evidence is None.
struct ActKeywords {
  std::optional<std::string> override_reason = {};
  std::optional<std::string> by = {};
  py::object evidence = py::none();  ///< free words, or a mapping with the keys of Evidence
  std::optional<std::string> channel = {};
  std::optional<Time> at = {};
  std::optional<Time> valid_until = {};
  std::optional<std::string> basis = {};
};
/// Needs the GIL. Invalid for a word that is none.
PermissionOptions permission_options(const ActKeywords& keywords);

}  // namespace mailroll::python
