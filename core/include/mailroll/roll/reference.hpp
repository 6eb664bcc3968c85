/// How callers name a person, a segment, a topic or a scope.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mailroll/ids.hpp"
#include "mailroll/people/contact.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"

namespace mailroll {

/// A person: an address in any spelling, a contact id, or an alias (an id from before the migration).
struct Who {
  std::string text;
  Who(std::string_view address_or_id) : text(address_or_id) {}
  Who(const char* address_or_id) : text(address_or_id) {}
  Who(const std::string& address_or_id) : text(address_or_id) {}
  Who(const ContactId& id) : text(to_string(id)) {}
  Who(const Contact& contact) : text(to_string(contact.id)) {}
};

/// A segment: its name or its id. A name that several bear is a conflict, with details["ids"].
struct SegmentRef {
  std::string text;
  SegmentRef(std::string_view name_or_id) : text(name_or_id) {}
  SegmentRef(const char* name_or_id) : text(name_or_id) {}
  SegmentRef(const std::string& name_or_id) : text(name_or_id) {}
  SegmentRef(const SegmentId& id) : text(to_string(id)) {}
  SegmentRef(const Segment& segment) : text(to_string(segment.id)) {}
};

/// Says that mail has no topic.
struct NoTopic {};
inline constexpr NoTopic no_topic{};

/// A topic: its name or its id, or no_topic where a question allows it.
struct TopicRef {
  std::optional<std::string> text;  ///< nothing: no topic
  TopicRef(std::string_view name_or_id) : text(name_or_id) {}
  TopicRef(const char* name_or_id) : text(name_or_id) {}
  TopicRef(const std::string& name_or_id) : text(name_or_id) {}
  TopicRef(const TopicId& id) : text(to_string(id)) {}
  TopicRef(const Topic& topic) : text(to_string(topic.id)) {}
  TopicRef(NoTopic) {}
};

/// What an act is about: one topic, or everything.
struct Everything {};
inline constexpr Everything everything{};
struct Scope {
  std::optional<TopicRef> topic;  ///< nothing: everything
  Scope(Everything) {}
  template <typename Chosen>
  requires std::convertible_to<Chosen, TopicRef> Scope(Chosen&& chosen)
      : topic(TopicRef(std::forward<Chosen>(chosen))) {}
};

}  // namespace mailroll
