/// Topics and property definitions, as a caller handles them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/roll/reference.hpp"

namespace mailroll {

namespace detail {
struct RollState;
}

struct NewTopic {
  std::string name;
  Subscription default_subscription = Subscription::opt_out;
  Visibility visibility = Visibility::private_;
  std::string description = {};
  std::string basis = {};  ///< one of lawful_bases, or ""
};

struct TopicChange {
  std::optional<std::string> name = {};
  std::optional<std::string> description = {};
  std::optional<Visibility> visibility = {};
  std::optional<std::string> basis = {};  ///< "" clears
};

struct TopicCounts {
  std::uint64_t opt_ins = 0;   ///< explicit
  std::uint64_t opt_outs = 0;  ///< explicit
};

class MAILROLL_EXPORT Topics {
 public:
  Topic create(const NewTopic& topic);
  [[nodiscard]] Topic get(const TopicRef& topic) const;
  [[nodiscard]] std::vector<Topic> list() const;  ///< by number, i.e. as made
  Topic update(const TopicRef& topic, const TopicChange& change);
  /// Deletes the topic. Refused while a filter names it. Never raises permission: what people chose stays, with its events,
  /// under a number that no other topic gets.
  void remove(const TopicRef& topic);
  [[nodiscard]] TopicCounts count(const TopicRef& topic) const;

 private:
  friend class Roll;
  explicit Topics(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

class MAILROLL_EXPORT PropertyDefinitions {
 public:
  /// Conflict where the key is defined with another type; defining it again alike changes the fallback.
  PropertyDefinition define(std::string_view key, PropertyType type, const std::optional<PropertyValue>& fallback = {});
  [[nodiscard]] std::vector<PropertyDefinition> list() const;  ///< by key as bytes
  [[nodiscard]] std::optional<PropertyDefinition> find(std::string_view key) const;
  /// Deletes the definition and every contact's value. Refused while a filter names it; not_found where there is none.
  void remove(std::string_view key);

 private:
  friend class Roll;
  explicit PropertyDefinitions(std::shared_ptr<detail::RollState> roll) : roll_(std::move(roll)) {}
  std::shared_ptr<detail::RollState> roll_;
};

}  // namespace mailroll
