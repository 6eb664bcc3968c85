/// What holds for every contact of a pass: where the audiences lead, what an unsubscribed cell means, when it is now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/time.hpp"
#include "mailroll/transfer/plan.hpp"
#include "transfer/property_columns.hpp"

namespace mailroll::detail {

/// What an old audience is in the store, or will be: numbers below zero are not taken yet.
struct AudienceTarget {
  std::string name;
  std::string alias;   ///< its id, else its name
  std::string source;  ///< of the events that come of it
  SegmentNumber segment{};
  TopicNumber topic{};  ///< 0 where the policy makes none
  std::string basis;    ///< lawful basis of the topic; "" where nobody said
};

/// A topic that an import opts in to.
struct ImportTopic {
  TopicNumber number{};
  std::string basis;
};

struct MergeRules {
  UnsubscribedPolicy policy = UnsubscribedPolicy::everything;
  bool complete = false;       ///< migrations: the input holds every audience
  bool keep_existing = false;  ///< imports: profiles that exist stay as they are
  bool import = false;         ///< one nameless audience, with the fields below
  std::vector<AudienceTarget> audiences;
  std::vector<SegmentNumber> import_segments;
  std::vector<ImportTopic> import_topics;
  std::string import_source;  ///< of the events of an import

  const std::vector<PropertyColumns::Column>* properties = nullptr;
  Time now{};      ///< when events are recorded
  Time read_at{};  ///< when the input was read: the latest that its undated opt-outs can have been
  std::int32_t key_version = 0;
  std::int32_t hash_key = 1;

  [[nodiscard]] Channel channel() const { return import ? Channel::import : Channel::migration; }
};

}  // namespace mailroll::detail
