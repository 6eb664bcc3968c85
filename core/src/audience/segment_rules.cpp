#include "audience/segment_rules.hpp"

#include <algorithm>
#include <utility>

namespace mailroll::detail {

namespace {

void gather(const Filter& filter, std::vector<SegmentNumber>& numbers) {
  if (filter.operation == FilterOperation::in_segment) numbers.push_back(SegmentNumber{filter.number});
  for (const Filter& part : filter.parts) gather(part, numbers);
}

bool leans_on_now(const Filter& filter) {
  const auto is_now = [](const FilterValue& value) { return value.kind == FilterValue::Kind::now; };
  return std::ranges::any_of(filter.values, is_now) || std::ranges::any_of(filter.parts, leans_on_now);
}

template <typename Condition>
bool any(const Filter& filter, const Condition& condition) {
  return condition(filter) ||
         std::ranges::any_of(filter.parts, [&](const Filter& part) { return any(part, condition); });
}

Filter combined(FilterOperation operation, std::vector<Filter> parts) {
  Filter whole;
  whole.operation = operation;
  whole.parts = std::move(parts);
  return whole;
}

/// A filter that means the same; being in a segment is never unknown.
Filter filter_of(const SegmentSet& set) {
  if (set.operation == SetOperation::segment) {
    Filter leaf;
    leaf.operation = FilterOperation::in_segment;
    leaf.number = number_of(set.segment);
    return leaf;
  }
  std::vector<Filter> parts{filter_of(set.parts[0]), filter_of(set.parts[1])};
  if (set.operation == SetOperation::union_) return combined(FilterOperation::any, std::move(parts));
  if (set.operation == SetOperation::difference) parts[1] = combined(FilterOperation::negation, {parts[1]});
  return combined(FilterOperation::all, std::move(parts));
}

}  // namespace

std::vector<SegmentNumber> segments_in(const Filter& filter) {
  std::vector<SegmentNumber> numbers;
  gather(filter, numbers);
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

std::shared_ptr<const SegmentRules> SegmentRules::read(Session& session, TeamNumber team, const SegmentSet& set,
                                                       const std::vector<Segment>& segments) {
  return read(session, team, set.segments(), segments);
}

std::shared_ptr<const SegmentRules> SegmentRules::read(Session& session, TeamNumber team,
                                                       const std::vector<Segment>& segments) {
  std::vector<SegmentNumber> all;
  all.reserve(segments.size());
  for (const Segment& segment : segments) all.push_back(segment.number);
  return read(session, team, std::move(all), segments);
}

std::shared_ptr<const SegmentRules> SegmentRules::read_filter(Session& session, TeamNumber team, SegmentNumber segment,
                                                              std::vector<Segment> segments) {
  std::ranges::find(segments, segment, &Segment::number)->materialised.reset();
  return read(session, team, std::vector{segment}, segments);
}

std::shared_ptr<const SegmentRules> SegmentRules::read(Session& session, TeamNumber team,
                                                       std::vector<SegmentNumber> open,
                                                       const std::vector<Segment>& segments) {
  const auto dynamic = [&](SegmentNumber number) {
    const auto found = std::ranges::find(segments, number, &Segment::number);
    return found != segments.end() && !found->has_rows() ? &*found : nullptr;
  };
  if (std::ranges::none_of(open, dynamic)) return nullptr;
  auto rules = std::make_shared<SegmentRules>();
  rules->topics_ = session.topics(team);
  const std::vector<PropertyDefinition> properties = session.properties(team);
  const FilterNames names{.properties = properties, .segments = segments, .topics = rules->topics_};
  while (!open.empty()) {
    const Segment* segment = dynamic(open.back());
    open.pop_back();
    if (segment == nullptr || rules->filters_.contains(segment->number)) continue;
    Filter filter = check_filter(parse_filter(segment->filter), names);
    for (const SegmentNumber number : segments_in(filter)) open.push_back(number);
    rules->filters_.emplace(segment->number, std::move(filter));
  }
  return rules;
}

bool SegmentRules::lean_on_now() const {
  return std::ranges::any_of(filters_, [](const auto& filter) { return leans_on_now(filter.second); });
}

bool same_filters(const SegmentRules* one, const SegmentRules* other) {
  if (one == nullptr || other == nullptr) return one == other;
  return one->filters_ == other->filters_;
}

bool SegmentRules::contains(const SegmentSet& set, const Person& person, Time now) const {
  FilterSubject subject{.person = person, .now = now, .topics = topics_, .in_segment = {}};
  ask_segments(subject, filters_);
  return set.contains(subject.in_segment);
}

bool SegmentRules::ask_for_consent() const {
  return std::ranges::any_of(filters_, [](const auto& entry) {
    return any(entry.second, [](const Filter& part) {
      return part.operation == FilterOperation::opted_in || part.operation == FilterOperation::receives;
    });
  });
}

FilterQuery SegmentRules::query(const SegmentSet& set, Time now) const {
  return {.filter = filter_of(set), .segments = filters_, .topics = topics_, .now = now};
}

}  // namespace mailroll::detail
