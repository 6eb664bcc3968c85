/// Who is in which segment: the members that are kept as rows, and whom the filters of the other dynamic ones mean.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "mailroll/audience/expression.hpp"
#include "mailroll/audience/filter.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

class SegmentRules {
 public:
  /// Reads the filters of the dynamic segments without rows that the set names, and of those that these name. Nothing where
  /// there is none.
  static std::shared_ptr<const SegmentRules> read(Session& session, TeamNumber team, const SegmentSet& set,
                                                  const std::vector<Segment>& segments);

  /// The same of one segment alone, by its filter, also where its members are rows.
  static std::shared_ptr<const SegmentRules> read_filter(Session& session, TeamNumber team, SegmentNumber segment,
                                                         std::vector<Segment> segments);

  /// The same of all of a team's.
  static std::shared_ptr<const SegmentRules> read(Session& session, TeamNumber team,
                                                  const std::vector<Segment>& segments);

  /// `person`: with contact, permission and segments. Whoever has no profile is in no dynamic segment.
  [[nodiscard]] bool contains(const SegmentSet& set, const Person& person, Time now) const;
  /// Whether a filter compares with the present: then people come and go without being changed.
  [[nodiscard]] bool lean_on_now() const;
  friend bool same_filters(const SegmentRules* one, const SegmentRules* other);

  /// Whether somebody may come in or go out where consent runs out.
  [[nodiscard]] bool ask_for_consent() const;

  /// To ask a store for everybody whom contains() would name.
  [[nodiscard]] FilterQuery query(const SegmentSet& set, Time now) const;

 private:
  static std::shared_ptr<const SegmentRules> read(Session& session, TeamNumber team, std::vector<SegmentNumber> open,
                                                  const std::vector<Segment>& segments);

  std::map<SegmentNumber, Filter> filters_;
  std::vector<Topic> topics_;
};

/// Whether both mean the same people; nothing: no rules.
bool same_filters(const SegmentRules* one, const SegmentRules* other);

/// The segments that a filter names, ascending, each once; of a checked filter.
std::vector<SegmentNumber> segments_in(const Filter& filter);

}  // namespace mailroll::detail
