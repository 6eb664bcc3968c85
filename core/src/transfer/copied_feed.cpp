#include "transfer/copied_feed.hpp"

#include <set>
#include <utility>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

/// Reads two lists page by page, each by `read(session, last entry so far)`, until both have ended.
template <typename Entry, typename Read>
ListsCompared compare(Session& source, Session& target, Read read) {
  ListsCompared compared;
  std::optional<Entry> source_end;
  std::optional<Entry> target_end;
  std::vector<Entry> in_source;
  std::vector<Entry> in_target;
  do {
    in_source = read(source, source_end);
    in_target = read(target, target_end);
    compared.in_source += in_source.size();
    compared.in_target += in_target.size();
    compared.same = compared.same && in_source == in_target;
    if (!in_source.empty()) source_end = in_source.back();
    if (!in_target.empty()) target_end = in_target.back();
  } while (in_source.size() == feed_page || in_target.size() == feed_page);
  return compared;
}

}  // namespace

void append_to_feed(Session& session, TeamNumber team, std::span<const FeedEntry> entries) {
  ChangeSet changes;
  std::set<std::pair<ContactId, EventId>> waiting;
  const auto publish = [&] {
    session.write(team, changes);
    if (session.publish(team, changes.outbox.size()) != changes.outbox.size()) {
      throw Error(ErrorKind::storage, "the target did not take the entries of the feed", {{"reason", "failed"}});
    }
    changes.clear();
    waiting.clear();
  };
  for (const FeedEntry& entry : entries) {
    // The outbox holds an event once; a feed may have it twice.
    if (!waiting.emplace(entry.contact, entry.event).second) {
      publish();
      waiting.emplace(entry.contact, entry.event);
    }
    // Published in the order of this time, and it goes no further: the position takes its place.
    changes.outbox.push_back({entry.contact, entry.event, time_of(entry.position)});
  }
  if (!changes.outbox.empty()) publish();
}

void copy_outbox(Session& source, Session& target, TeamNumber team) {
  ChangeSet changes;
  std::optional<OutboxEntry> end;
  do {
    changes.outbox = source.outbox(team, end, feed_page);
    if (changes.outbox.empty()) return;
    end = changes.outbox.back();
    target.write(team, changes);
  } while (changes.outbox.size() == feed_page);
}

ListsCompared compare_feeds(Session& source, Session& target, TeamNumber team) {
  return compare<FeedEntry>(source, target, [&](Session& session, const std::optional<FeedEntry>& end) {
    return session.feed(team, end ? end->position : 0, feed_page);
  });
}

ListsCompared compare_outboxes(Session& source, Session& target, TeamNumber team) {
  return compare<OutboxEntry>(source, target, [&](Session& session, const std::optional<OutboxEntry>& end) {
    return session.outbox(team, end, feed_page);
  });
}

}  // namespace mailroll::detail
