#include "transfer/audience_targets.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "hex.hpp"
#include "mailroll/error.hpp"
#include "sodium.hpp"

namespace mailroll::detail {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string hex_hash(std::string_view text) {
  require_sodium();
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return to_hex(hash.data(), hash.size());
}

Segment segment_of(const AudienceTarget& target, Time now) {
  Segment segment;
  segment.id = SegmentId(make_uuid_v7(now));
  segment.number = target.segment;
  segment.name = shortened_name(target.name, max_segment_name);
  segment.created_at = segment.updated_at = now;
  return segment;
}

Topic topic_of(const AudienceTarget& target, Time now) {
  Topic topic;
  topic.id = TopicId(make_uuid_v7(now));
  topic.number = target.topic;
  topic.name = shortened_name(target.name, max_topic_name);
  topic.default_subscription = Subscription::opt_out;
  topic.visibility = Visibility::public_;
  topic.created_at = topic.updated_at = now;
  return topic;
}

}  // namespace

std::string shortened_name(std::string_view name, std::size_t longest) {
  const auto characters = static_cast<std::size_t>(std::ranges::count_if(name, begins_character));
  if (characters <= longest) return std::string(name);
  constexpr std::size_t digits = 3;
  std::size_t left = longest - 1 - digits;
  std::size_t end = 0;
  for (; end < name.size(); ++end) {
    if (begins_character(name[end]) && left-- == 0) break;
  }
  return std::string(name.substr(0, end)) + '~' + hex_hash(name).substr(0, digits);
}

std::vector<AudienceTarget> find_targets(Session& session, TeamNumber team,
                                         const std::vector<Intake::Audience>& audiences, UnsubscribedPolicy policy) {
  std::set<SegmentNumber> segments;
  std::map<TopicNumber, std::string> bases;  // of every topic there is
  std::map<std::string, AudienceAlias> known;
  for (const Segment& segment : session.segments(team)) segments.insert(segment.number);
  for (const Topic& topic : session.topics(team)) bases[topic.number] = topic.basis;
  for (AudienceAlias& alias : session.audience_aliases(team)) known[alias.text] = std::move(alias);

  std::vector<AudienceTarget> targets;
  std::int32_t pretended = 0;
  for (const Intake::Audience& audience : audiences) {
    AudienceTarget target;
    target.name = audience.name;
    target.alias = audience.id.empty() ? audience.name : audience.id;
    target.source = "audience:" + target.alias;
    target.segment = SegmentNumber(--pretended);
    if (policy == UnsubscribedPolicy::topics) target.topic = TopicNumber(--pretended);
    const auto found = known.find(target.alias);
    if (found != known.end() && segments.contains(found->second.segment)) {
      target.segment = found->second.segment;
      const auto topic = bases.find(found->second.topic);
      if (policy == UnsubscribedPolicy::topics && topic != bases.end()) {
        target.topic = topic->first;
        target.basis = topic->second;
      }
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

bool make_targets(Session& session, TeamNumber team, Time now, std::vector<AudienceTarget>& targets) {
  bool made = false;
  for (AudienceTarget& target : targets) {
    const bool new_segment = number_of(target.segment) < 0;
    const bool new_topic = number_of(target.topic) < 0;
    if (!new_segment && !new_topic) continue;
    made = true;
    const std::int32_t first = session.take_numbers(team, (new_segment ? 1 : 0) + (new_topic ? 1 : 0));
    if (new_segment) {
      target.segment = SegmentNumber(first);
      session.put_segment(team, segment_of(target, now));
    }
    if (new_topic) {
      target.topic = TopicNumber(first + (new_segment ? 1 : 0));
      session.put_topic(team, topic_of(target, now));
    }
    session.put_audience_alias(team, {target.alias, target.segment, target.topic});
  }
  return made;
}

bool define_properties(Session& session, TeamNumber team, Time now,
                       const std::vector<PropertyColumns::Column>& columns) {
  std::map<std::string, PropertyType> known;
  for (const PropertyDefinition& definition : session.properties(team)) known[definition.key] = definition.type;
  bool made = false;
  for (const PropertyColumns::Column& column : columns) {
    const auto [place, added] = known.try_emplace(column.key, column.type);
    if (added) {
      PropertyDefinition definition;
      definition.key = column.key;
      definition.type = column.type;
      definition.created_at = now;
      session.put_property(team, definition);
      made = true;
    } else if (place->second != column.type) {
      throw Error(ErrorKind::conflict,
                  "property " + column.key + " was defined with another type since the input was read; plan it again",
                  {{"reason", "property_type"}, {"key", column.key}});
    }
  }
  return made;
}

}  // namespace mailroll::detail
