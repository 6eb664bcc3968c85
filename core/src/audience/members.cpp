#include "audience/members.hpp"

#include <algorithm>
#include <utility>

namespace mailroll::detail {

namespace {

constexpr std::size_t least_page = 64;
constexpr std::size_t most_held = 65536;  // candidates in all streams together

void move_into(std::vector<Candidate>& out, std::size_t place, Candidate& candidate) {
  if (place == out.size()) out.emplace_back();
  // Swapped, not moved: the page keeps strings whose memory the store uses again.
  std::swap(out[place], candidate);
}

}  // namespace

Members::Members(TeamNumber team, const People& people, const CandidateQuery& query, Time now)
    : team_(team), people_(people), query_(query), segments_(people.set.segments()) {
  if (people_.rules) {
    filter_ = people_.rules->query(people_.set, now);
    return;
  }
  for (const SegmentNumber segment : segments_) {
    Stream& stream = streams_.emplace_back();
    stream.query = query;
    stream.query.segment = segment;
    if (segments_.size() > 1) {
      stream.query.limit = std::clamp(most_held / segments_.size(), least_page, std::max(least_page, query_.limit));
    }
  }
}

void Members::next(Session& session, std::vector<Candidate>& out) {
  if (filter_) {
    session.matching(team_, *filter_, query_, out);
    if (!out.empty()) query_.after = out.back().id;
    return;
  }
  if (people_.set.operation != SetOperation::segment) {
    merge(session, out);
    return;
  }
  Stream& only = streams_.front();
  session.candidates(team_, only.query, out);
  if (!out.empty()) only.query.after = out.back().id;
}

void Members::fill(Session& session, Stream& stream) {
  if (stream.done || stream.at < stream.page.size()) return;
  session.candidates(team_, stream.query, stream.page);
  stream.at = 0;
  stream.done = stream.page.size() < stream.query.limit;
  if (!stream.page.empty()) stream.query.after = stream.page.back().id;
}

void Members::merge(Session& session, std::vector<Candidate>& out) {
  std::size_t found = 0;
  std::vector<SegmentNumber> in;
  while (found < query_.limit) {
    const ContactId* least = nullptr;
    for (Stream& stream : streams_) {
      fill(session, stream);
      if (stream.at == stream.page.size()) continue;
      const ContactId& id = stream.page[stream.at].id;
      if (least == nullptr || id < *least) least = &id;
    }
    if (least == nullptr) break;
    const ContactId id = *least;
    in.clear();
    Candidate* person = nullptr;
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      Stream& stream = streams_[i];
      if (stream.at == stream.page.size() || stream.page[stream.at].id != id) continue;
      person = &stream.page[stream.at++];
      in.push_back(segments_[i]);
    }
    if (people_.set.contains(in)) move_into(out, found++, *person);
  }
  out.resize(found);
}

}  // namespace mailroll::detail
