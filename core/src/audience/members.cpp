#include "audience/members.hpp"

#include <algorithm>
#include <utility>

namespace mailroll::detail {

namespace {

constexpr std::size_t least_page = 64;
constexpr std::size_t least_people_page = 256;
constexpr std::size_t people_page = 4096;
constexpr std::size_t most_held = 65536;  // candidates in all streams together

void move_into(std::vector<Candidate>& out, std::size_t place, Candidate& candidate) {
  if (place == out.size()) out.emplace_back();
  // Swapped, not moved: the page keeps strings whose memory the store uses again.
  std::swap(out[place], candidate);
}

}  // namespace

Members::Members(TeamNumber team, const People& people, const CandidateQuery& query, Time now)
    : team_(team), people_(people), query_(query), now_(now), segments_(people.set.segments()) {
  if (people_.rules) {
    if (query_.after == query_.range.last) done_ = true;
    if (query_.after && *query_.after >= query_.range.first) query_.range.first = next_id(*query_.after);
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
  if (people_.rules) {
    filter(session, out);
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

void Members::filter(Session& session, std::vector<Candidate>& out) {
  out.clear();
  while (out.size() < query_.limit) {
    if (at_ == page_.size()) {
      if (done_) return;
      constexpr Parts parts{.contact = true, .permission = true, .segments = true};
      const std::size_t limit = std::clamp(query_.limit, least_people_page, people_page);
      session.people(team_, query_.range, parts, limit, page_);
      at_ = 0;
      done_ = page_.size() < limit || page_.back().id == query_.range.last;
      if (page_.empty()) return;
      query_.range.first = next_id(page_.back().id);
    }
    Person& person = page_[at_++];
    if (!person.contact || !people_.contains(person, now_)) continue;
    Candidate& found = out.emplace_back();
    found.id = person.id;
    found.standing = person.permission.standing;
    if (query_.topic != everything_scope) found.choice = person.permission.choice(query_.topic);
    if (!query_.with_profile) continue;
    found.email = std::move(person.contact->email);
    found.first_name = std::move(person.contact->first_name);
    found.last_name = std::move(person.contact->last_name);
  }
}

}  // namespace mailroll::detail
