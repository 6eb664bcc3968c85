/// Reads the people whom an expression means, ascending by id, in bounded memory.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "audience/people_meant.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::detail {

/// Without filters, walks the members of every segment of the expression side by side, as the store gives them in order,
/// and keeps those who are meant: each member is read once, and some thousands are held at a time. With filters, asks the
/// store for whom they mean at the time `now`.
class Members {
 public:
  /// `query` says what is read of whom, and how many at a time; its segment is not looked at.
  Members(TeamNumber team, const People& people, const CandidateQuery& query, Time now);

  /// The next people, at most query.limit; fewer means done. `out` is overwritten (and its strings' memory used again).
  /// Another session may be given each time.
  void next(Session& session, std::vector<Candidate>& out);

 private:
  struct Stream {
    CandidateQuery query;
    std::vector<Candidate> page;
    std::size_t at = 0;
    bool done = false;
  };

  void fill(Session& session, Stream& stream);
  void merge(Session& session, std::vector<Candidate>& out);

  TeamNumber team_;
  People people_;
  CandidateQuery query_;
  std::vector<SegmentNumber> segments_;
  std::vector<Stream> streams_;        ///< one for each of segments_
  std::optional<FilterQuery> filter_;  ///< where there are filters
};

}  // namespace mailroll::detail
