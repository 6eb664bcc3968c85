#include "mailroll/people/topic.hpp"

namespace mailroll {

std::string_view to_string(Subscription subscription) {
  switch (subscription) {
    case Subscription::opt_in: return "opt_in";
    case Subscription::opt_out: return "opt_out";
  }
  return "unknown";
}

std::string_view to_string(Visibility visibility) {
  switch (visibility) {
    case Visibility::private_: return "private";
    case Visibility::public_: return "public";
  }
  return "unknown";
}

std::optional<Subscription> parse_subscription(std::string_view word) {
  for (const Subscription subscription : {Subscription::opt_in, Subscription::opt_out}) {
    if (word == to_string(subscription)) return subscription;
  }
  return std::nullopt;
}

std::optional<Visibility> parse_visibility(std::string_view word) {
  for (const Visibility visibility : {Visibility::private_, Visibility::public_}) {
    if (word == to_string(visibility)) return visibility;
  }
  return std::nullopt;
}

}  // namespace mailroll
