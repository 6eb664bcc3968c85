#include <algorithm>
#include <tuple>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 4096;
constexpr std::chrono::seconds longest = std::chrono::days(36500);

bool sooner(const Expiry& one, const Expiry& other) {
  return std::tie(one.valid_until, one.contact, one.topic) < std::tie(other.valid_until, other.contact, other.topic);
}

const Topic* find(const std::vector<Topic>& topics, TopicNumber number) {
  const auto found = std::ranges::find(topics, number, &Topic::number);
  return found == topics.end() ? nullptr : &*found;
}

/// The soonest of all, in order: the store gives them by contact.
std::vector<Expiry> soonest(detail::RollState& roll, const std::vector<Topic>& topics, Time until, std::size_t limit) {
  std::vector<Expiry> kept;  // a heap, the latest on top
  std::optional<Expiry> after;
  for (std::vector<Expiry> page;; after = page.back()) {
    page = roll.session()->expiring(roll.team.number, until, after, page_size);
    for (const Expiry& expiry : page) {
      // Nothing is mailed on a topic that is gone, so nothing about it runs out.
      if (expiry.topic != everything_scope && find(topics, expiry.topic) == nullptr) continue;
      if (kept.size() == limit && !sooner(expiry, kept.front())) continue;
      kept.push_back(expiry);
      std::ranges::push_heap(kept, sooner);
      if (kept.size() <= limit) continue;
      std::ranges::pop_heap(kept, sooner);
      kept.pop_back();
    }
    if (page.size() < page_size) break;
  }
  std::ranges::sort_heap(kept, sooner);
  return kept;
}

const ScopeState& state_of(const Permission& permission, TopicNumber scope) {
  return scope == everything_scope ? permission.standing.everything : permission.choice(scope);
}

}  // namespace

std::vector<ExpiringConsent> Roll::expiring(std::chrono::seconds within, std::size_t limit) const {
  detail::check_limit(limit);
  if (within < std::chrono::seconds(0) || within > longest) {
    throw Error(ErrorKind::invalid, "consent that runs out is asked for within 0 to 36500 days",
                {{"reason", "within"}});
  }
  const std::vector<Topic> topics = state_->session()->topics(state_->team.number);
  const std::vector<Expiry> found = soonest(*state_, topics, state_->clock() + within, limit);
  return state_->read([&](Session& session) {
    std::vector<ExpiringConsent> consents;
    consents.reserve(found.size());
    for (const Expiry& expiry : found) {
      const Person person =
          session.person(state_->team.number, expiry.contact, {.contact = true, .permission = true, .events = true});
      const ScopeState& now = state_of(person.permission, expiry.topic);
      // What was said while the list was gathered.
      if (now.said != Said::opt_in || now.valid_until != expiry.valid_until) continue;
      ExpiringConsent consent{
          .contact = expiry.contact, .email = {}, .topic = {}, .valid_until = expiry.valid_until, .basis = {}};
      if (person.contact) consent.email = person.contact->email;
      if (const Topic* topic = find(topics, expiry.topic)) consent.topic = *topic;
      const auto event = std::ranges::find(person.events, now.event, &ConsentEvent::id);
      if (event != person.events.end()) consent.basis = event->basis;
      consents.push_back(std::move(consent));
    }
    return consents;
  });
}

}  // namespace mailroll
