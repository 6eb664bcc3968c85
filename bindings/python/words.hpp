/// Enums as the plain words that Python gives and gets.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"

namespace mailroll::python {

template <typename T>
concept Word = std::is_enum_v<T> && requires(T value) {
  { mailroll::to_string(value) } -> std::same_as<std::string_view>;
};

/// What `parse` makes of a word; Error(invalid) naming the argument and the words it knows.
template <typename Enum>
Enum parse_word(std::optional<Enum> (*parse)(std::string_view), std::string_view word, const char* argument,
                const char* known) {
  if (const std::optional<Enum> value = parse(word)) return *value;
  throw Error(ErrorKind::invalid, std::string(argument) + " is not one of " + known,
              {{"reason", "unknown_word"}, {"argument", argument}});
}

inline Subscription subscription_of(std::string_view word, const char* argument) {
  return parse_word(parse_subscription, word, argument, "'opt_in' and 'opt_out'");
}
inline Visibility visibility_of(std::string_view word) {
  return parse_word(parse_visibility, word, "visibility", "'public' and 'private'");
}
inline SuppressionReason suppression_reason_of(std::string_view word) {
  return parse_word(parse_suppression_reason, word, "reason", "'bounce', 'complaint' and 'manual'");
}
/// Any channel: which of them a caller may give, the core says.
inline Channel channel_of(std::string_view word) {
  std::string known;
  for (const Channel channel : spoken_channels) {
    if (!known.empty()) known += channel == spoken_channels.back() ? " and " : ", ";
    known.append("'").append(to_string(channel)).append("'");
  }
  return parse_word(parse_channel, word, "channel", known.c_str());
}
inline BounceKind bounce_kind_of(std::string_view word) {
  if (word == "hard") return BounceKind::hard;
  if (word == "soft") return BounceKind::soft;
  throw Error(ErrorKind::invalid, "kind is not one of 'hard' and 'soft'",
              {{"reason", "unknown_word"}, {"argument", "kind"}});
}
inline KeyKind key_kind_of(std::string_view word) {
  return parse_word(parse_key_kind, word, "kind", "'hash' and 'link'");
}
inline PropertyType property_type_of(std::string_view word) {
  return parse_word(parse_property_type, word, "type", "'string', 'number', 'boolean' and 'datetime'");
}
inline UnsubscribedPolicy policy_of(std::string_view word, const char* argument) {
  const auto parse = [](std::string_view text) -> std::optional<UnsubscribedPolicy> {
    for (UnsubscribedPolicy policy : {UnsubscribedPolicy::topics, UnsubscribedPolicy::everything})
      if (to_string(policy) == text) return policy;
    return {};
  };
  return parse_word<UnsubscribedPolicy>(parse, word, argument, "'topics' and 'everything'");
}

}  // namespace mailroll::python
