/// The feed of a team and what waits for it, in the stores of a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mailroll/store/store.hpp"

namespace mailroll::detail {

inline constexpr std::size_t feed_page = 1000;

/// Puts entries at the end of the feed, so that they have the positions that they name: those that come next. Inside a
/// write transaction, while the outbox is empty.
void append_to_feed(Session& session, TeamNumber team, std::span<const FeedEntry> entries);

/// Puts everything that waits in the source's outbox into the target's, in the transaction that is open.
void copy_outbox(Session& source, Session& target, TeamNumber team);

/// How many entries two lists have, and whether they are the same.
struct ListsCompared {
  std::uint64_t in_source = 0;
  std::uint64_t in_target = 0;
  bool same = true;
};
ListsCompared compare_feeds(Session& source, Session& target, TeamNumber team);
ListsCompared compare_outboxes(Session& source, Session& target, TeamNumber team);

}  // namespace mailroll::detail
