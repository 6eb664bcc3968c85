#include <algorithm>
#include <utility>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t longest_page = 10000;
constexpr std::size_t published_at_once = 1000;

constexpr Parts parts{.contact = true, .events = true, .suppressions = true};

/// What the feed needs of the people that it names. Neighbours in the feed are often the same person.
class People {
 public:
  People(Session& session, TeamNumber team) : session_(session), team_(team) {}

  /// The event as it stands under the id that its person has now: an id that was given up (by another address, a merge or
  /// another key) is an alias of that. Nothing where it is held nowhere.
  std::optional<FeedItem> item(const FeedEntry& entry) {
    if (entry.contact != asked_ || bearers_.empty()) {
      asked_ = entry.contact;
      bearers_.clear();
      for (const ContactId& now : session_.find_alias(team_, to_string(entry.contact))) read(now);
      read(entry.contact);
    }
    for (const Person& person : bearers_) {
      const auto event = std::ranges::lower_bound(person.events, entry.event, {}, &ConsentEvent::id);
      if (event == person.events.end() || event->id != entry.event) continue;
      return FeedItem{.position = entry.position, .event = *event, .email = address_of(person), .topic = {}};
    }
    return std::nullopt;
  }

 private:
  void read(const ContactId& id) { bearers_.push_back(session_.person(team_, id, parts)); }

  static std::string address_of(const Person& person) {
    if (person.contact) return person.contact->email;
    for (const Suppression& suppression : person.suppressions) {
      if (!suppression.email.empty()) return suppression.email;
    }
    return {};
  }

  Session& session_;
  TeamNumber team_;
  ContactId asked_;
  std::vector<Person> bearers_;
};

}  // namespace

FeedPage Roll::opt_outs(std::int64_t after, std::size_t limit) {
  if (after < 0) {
    throw Error(ErrorKind::invalid, "a cursor of the feed is 0 or what the page before gave as its next",
                {{"reason", "cursor"}});
  }
  if (limit < 1 || limit > longest_page) {
    throw Error(ErrorKind::invalid, "a page of the feed has a limit from 1 to 10000", {{"reason", "limit"}});
  }
  const TeamNumber team = state_->team.number;
  // Only as much is published as the page holds: after a migration there may be very much to publish.
  std::size_t there = state_->session()->feed(team, after, limit).size();
  while (there < limit) {
    const std::size_t most = std::min(limit - there, published_at_once);
    const std::size_t published = state_->write([&](Session& session) { return session.publish(team, most); });
    if (published == 0) break;
    there += published;
  }
  return state_->read([&](Session& session) {
    const std::vector<Topic> topics = session.topics(team);
    People people(session, team);
    FeedPage page;
    page.next = after;
    for (const FeedEntry& entry : session.feed(team, after, limit)) {
      page.next = entry.position;
      std::optional<FeedItem> item = people.item(entry);
      if (!item) continue;
      const auto topic = std::ranges::find(topics, item->event.topic, &Topic::number);
      if (topic != topics.end()) item->topic = *topic;
      page.items.push_back(*std::move(item));
    }
    return page;
  });
}

}  // namespace mailroll
