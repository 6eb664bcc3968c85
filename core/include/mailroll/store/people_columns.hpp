/// What a snapshot reads of many people, in columns: who there is, what holds for them, and which segments hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mailroll/consent/standing.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"

namespace mailroll {

class Session;

/// `contact` is an index into `contacts`; rows of the other columns are ordered by it, then by segment or topic. Of standings
/// and choices only what decide() reads is filled (said, valid_until, by_override, erased, suppressions); standings that say
/// nothing to it are left out.
struct PeopleColumns {
  struct InSegment {
    std::uint32_t contact = 0;
    SegmentNumber segment{};
  };
  struct Stands {
    std::uint32_t contact = 0;
    Standing standing;
  };
  struct Chose {
    std::uint32_t contact = 0;
    TopicNumber topic{};
    ScopeState state;
  };

  std::vector<ContactId> contacts;  ///< those with a profile, ascending
  std::vector<Stands> standings;
  std::vector<Chose> choices;
  std::vector<InSegment> memberships;

  MAILROLL_EXPORT void clear();
};

/// Session::people_columns() by way of Session::people(), for stores that know nothing quicker.
MAILROLL_EXPORT void columns_of_people(Session& session, TeamNumber team, const IdRange& range, std::size_t limit,
                                       PeopleColumns& out);

}  // namespace mailroll
