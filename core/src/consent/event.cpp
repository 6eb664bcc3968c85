#include "mailroll/consent/event.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "hex.hpp"
#include "sodium.hpp"

namespace mailroll {
namespace {

template <typename Value>
using Word = std::pair<Value, std::string_view>;

constexpr std::array actor_words{
    Word<Actor>{Actor::person, "person"},      Word<Actor>{Actor::provider, "provider"},
    Word<Actor>{Actor::operator_, "operator"}, Word<Actor>{Actor::api, "api"},
    Word<Actor>{Actor::import, "import"},
};

constexpr std::array action_words{
    Word<Action>{Action::pending, "pending"},
    Word<Action>{Action::opt_in, "opt_in"},
    Word<Action>{Action::unsuppressed, "unsuppressed"},
    Word<Action>{Action::removed, "removed"},
    Word<Action>{Action::opt_out, "opt_out"},
    Word<Action>{Action::suppressed, "suppressed"},
    Word<Action>{Action::erased, "erased"},
};

constexpr std::array channel_words{
    Word<Channel>{Channel::unknown, "unknown"},
    Word<Channel>{Channel::api, "api"},
    Word<Channel>{Channel::cli, "cli"},
    Word<Channel>{Channel::import, "import"},
    Word<Channel>{Channel::migration, "migration"},
    Word<Channel>{Channel::one_click, "one_click"},
    Word<Channel>{Channel::page, "page"},
    Word<Channel>{Channel::mailto, "mailto"},
    Word<Channel>{Channel::form, "form"},
    Word<Channel>{Channel::confirm, "confirm"},
    Word<Channel>{Channel::phone, "phone"},
    Word<Channel>{Channel::bounce, "bounce"},
    Word<Channel>{Channel::complaint, "complaint"},
    Word<Channel>{Channel::merge, "merge"},
};

template <typename Words, typename Value>
std::string_view word_of(const Words& words, Value value) {
  const auto found = std::ranges::find(words, value, [](const auto& word) { return word.first; });
  return found == words.end() ? std::string_view("?") : found->second;
}

template <typename Value, typename Words>
std::optional<Value> value_of(const Words& words, std::string_view text) {
  const auto found = std::ranges::find(words, text, [](const auto& word) { return word.second; });
  if (found == words.end()) return std::nullopt;
  return found->first;
}

bool raising(Action action) {
  return action == Action::pending || action == Action::opt_in || action == Action::unsuppressed;
}

}  // namespace

bool is_lawful_basis(std::string_view word) {
  return std::find(lawful_bases.begin(), lawful_bases.end(), word) != lawful_bases.end();
}

std::string_view to_string(Actor actor) { return word_of(actor_words, actor); }
std::string_view to_string(Action action) { return word_of(action_words, action); }
std::string_view to_string(Channel channel) { return word_of(channel_words, channel); }

std::optional<Actor> parse_actor(std::string_view word) { return value_of<Actor>(actor_words, word); }
std::optional<Action> parse_action(std::string_view word) { return value_of<Action>(action_words, word); }
std::optional<Channel> parse_channel(std::string_view word) { return value_of<Channel>(channel_words, word); }

std::string text_hash(std::string_view text) {
  detail::require_sodium();
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return detail::to_hex(hash.data(), hash.size());
}

Time effective_time(const ConsentEvent& event) {
  if (event.at) return std::min(*event.at, event.recorded_at);
  // The strictest reading of an unknown time: what lowers came as late as it can have, what raises before everything.
  return raising(event.action) ? beginning_of_time : event.recorded_at;
}

void clamp_future(ConsentEvent& event) {
  if (!event.at || *event.at <= event.recorded_at) return;
  event.at = event.recorded_at;
  event.clamped = true;
}

}  // namespace mailroll
