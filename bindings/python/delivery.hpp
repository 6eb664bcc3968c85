/// Mail on its way, as Python sees it: the hand-off to a mailer, and the feed of opt-outs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "consent.hpp"
#include "open_roll.hpp"

namespace mailroll::python {

/// What Python calls a Handoff.
struct OpenHandoff {
  SharedRoll roll;
  Handoff handoff;
};

struct PythonFeedItem {
  std::int64_t position = 0;
  NamedEvent event;
  std::string email;
};

struct PythonFeedPage {
  std::vector<PythonFeedItem> items;
  std::int64_t next = 0;
};

OpenHandoff hand_off(const SharedRoll& roll, const SegmentRef& segment, const TopicRef& topic,
                     const std::string& worker, const std::optional<std::string>& broadcast,
                     const std::optional<std::chrono::seconds>& lease_for);
OpenHandoff handoff_of(const SharedRoll& roll, const LeaseId& lease);
std::vector<BroadcastStatus> broadcasts(const SharedRoll& roll);
PythonFeedPage opt_outs(const SharedRoll& roll, std::int64_t after, std::size_t limit);

}  // namespace mailroll::python
