#include "roll/filter_uses.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "audience/filter_words.hpp"
#include "audience/segment_rules.hpp"
#include "mailroll/audience/filter_json.hpp"
#include "mailroll/error.hpp"

namespace mailroll::detail {

namespace {

struct Definitions {
  std::vector<PropertyDefinition> properties;
  std::vector<Segment> segments;
  std::vector<Topic> topics;

  Definitions(Session& session, TeamNumber team)
      : properties(session.properties(team)), segments(session.segments(team)), topics(session.topics(team)) {}
  [[nodiscard]] FilterNames names() const { return {.properties = properties, .segments = segments, .topics = topics}; }
  [[nodiscard]] Filter filter_of(const Segment& segment) const {
    return check_filter(parse_filter(segment.filter), names());
  }
};

/// Whether the filter, or one that it names, leads to the segment.
bool leads_to(const Filter& filter, SegmentNumber target, const Definitions& known, std::set<SegmentNumber>& seen) {
  return std::ranges::any_of(segments_in(filter), [&](SegmentNumber number) {
    if (number == target) return true;
    if (!seen.insert(number).second) return false;
    const auto next = std::ranges::find(known.segments, number, &Segment::number);
    return next != known.segments.end() && !next->filter.empty() &&
           leads_to(known.filter_of(*next), target, known, seen);
  });
}

template <typename Names>
bool any_part(const Filter& filter, const Names& named) {
  return named(filter) || std::ranges::any_of(filter.parts, [&](const Filter& part) { return any_part(part, named); });
}

template <typename Names>
void refuse_if_named(Session& session, TeamNumber team, const std::string& noun, const Names& named) {
  std::string ids;
  std::string users;
  for (const Segment& segment : session.segments(team)) {
    if (segment.filter.empty() || !any_part(parse_filter(segment.filter), named)) continue;
    ids += (ids.empty() ? "" : " ") + to_string(segment.id);
    users += (users.empty() ? "'" : ", '") + segment.name + "'";
  }
  if (ids.empty()) return;
  throw Error(ErrorKind::refused,
              "the filter of " + users + " names this " + noun + "; change or delete that segment first",
              {{"reason", "used_by_filter"}, {"ids", ids}});
}

}  // namespace

std::string checked_filter(Session& session, TeamNumber team, std::string_view text, SegmentNumber self) {
  const Definitions known(session, team);
  const Filter filter = check_filter(read_filter(text), known.names());
  const auto wrong = [&](const std::string& why) {
    return filter.column == 0 ? filter_text.wrong_at("", why) : filter_text.wrong(1, why);
  };
  std::set<SegmentNumber> seen;
  if (number_of(self) != 0 && leads_to(filter, self, known, seen)) {
    throw wrong("it leads back to this segment, by in_segment() here or in a segment that it names");
  }
  std::string kept = to_string(filter);
  if (kept.size() > max_filter_length) throw wrong("it is too long; make several segments of it");
  return kept;
}

std::optional<Filter> readable_filter(Session& session, TeamNumber team, const Segment& segment) {
  if (segment.filter.empty()) return {};
  return with_names(parse_filter(segment.filter), Definitions(session, team).names());
}

void check_unused(Session& session, TeamNumber team, const Segment& segment) {
  const std::string id = to_string(segment.id);
  refuse_if_named(session, team, "segment",
                  [&](const Filter& part) { return part.operation == FilterOperation::in_segment && part.name == id; });
}

void check_unused(Session& session, TeamNumber team, const Topic& topic) {
  const std::string id = to_string(topic.id);
  refuse_if_named(session, team, "topic",
                  [&](const Filter& part) { return part.operation != FilterOperation::in_segment && part.name == id; });
}

void check_unused(Session& session, TeamNumber team, const PropertyDefinition& property) {
  refuse_if_named(session, team, "property", [&](const Filter& part) {
    return std::ranges::any_of(part.values, [&](const FilterValue& value) {
      return value.kind == FilterValue::Kind::property && value.property == property.key;
    });
  });
}

}  // namespace mailroll::detail
