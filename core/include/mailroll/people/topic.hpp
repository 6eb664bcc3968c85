/// A topic: a kind of mail that people can choose.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// What holds for somebody who has said nothing. `opt_in`: everybody receives it unless they opted out. `opt_out`:
/// nobody receives it unless they opted in. (The names are Resend's; people read them the other way round.)
enum class Subscription : std::uint8_t { opt_in = 1, opt_out = 2 };

/// The preference page shows public topics to everybody, and a private one only to a contact with an explicit opt_in.
enum class Visibility : std::uint8_t { private_ = 0, public_ = 1 };

MAILROLL_EXPORT std::string_view to_string(Subscription subscription);
MAILROLL_EXPORT std::string_view to_string(Visibility visibility);
MAILROLL_EXPORT std::optional<Subscription> parse_subscription(std::string_view word);
MAILROLL_EXPORT std::optional<Visibility> parse_visibility(std::string_view word);

struct Topic {
  TopicId id;
  TopicNumber number{};
  std::string name;                                           ///< 1 to 50 characters; need not be unique
  std::string description;                                    ///< at most 200 characters
  Subscription default_subscription = Subscription::opt_out;  ///< immutable
  Visibility visibility = Visibility::private_;
  std::string basis;  ///< lawful basis of mail on it, one of lawful_bases; "" where nobody said
  Time created_at{};
  Time updated_at{};

  bool operator==(const Topic&) const = default;
};

inline constexpr std::size_t max_topic_name = 50;          ///< characters (code points)
inline constexpr std::size_t max_topic_description = 200;  ///< characters (code points)

}  // namespace mailroll
