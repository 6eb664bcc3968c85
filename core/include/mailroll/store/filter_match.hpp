/// Whom a checked filter means: its evaluation, and what a store is asked by.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/filter_tree.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/person.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

class Session;
struct Candidate;
struct CandidateQuery;

enum class Truth : std::uint8_t { no, yes, unknown };

/// A contact as filters see it.
struct FilterSubject {
  const Person& person;  ///< with contact, permission and segments
  Time now{};
  std::span<const Topic> topics;
  std::function<bool(SegmentNumber)> in_segment;
  /// The contact's properties, read when a filter first asks for one.
  mutable std::optional<std::map<std::string, PropertyValue>> properties = {};
};

/// Of a checked filter. Pure.
MAILROLL_EXPORT Truth evaluate(const Filter& filter, const FilterSubject& subject);

/// The same with the filters of dynamic segments: they answer for those, and the person's memberships for all others.
/// `subject` must stay where it is.
MAILROLL_EXPORT void ask_segments(FilterSubject& subject, const std::map<SegmentNumber, Filter>& filters);

/// A filter with everything that its evaluation needs but the person.
struct FilterQuery {
  Filter filter;                             ///< checked
  std::map<SegmentNumber, Filter> segments;  ///< of every dynamic segment that it, or one of these, names; checked
  std::vector<Topic> topics;                 ///< the team's
  Time now{};
};

/// Session::matching() by way of Session::people(), for stores that cannot say filters themselves.
MAILROLL_EXPORT void match_people(Session& session, TeamNumber team, const FilterQuery& whom,
                                  const CandidateQuery& query, std::vector<Candidate>& out);

}  // namespace mailroll
