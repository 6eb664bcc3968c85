#include "mailroll/audience/audience.hpp"

#include "audience/members.hpp"
#include "audience/people_meant.hpp"
#include "mailroll/error.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

constexpr std::size_t list_page = 4096;
constexpr std::size_t filtered_page = 32768;  // for which a store may plan more than to walk along
constexpr std::size_t count_page = 16384;

CandidateQuery query_of(const std::optional<Topic>& topic, const IdRange& range) {
  CandidateQuery query;
  if (topic) query.topic = topic->number;
  query.range = range;
  return query;
}

Mail mail_of(const std::optional<Topic>& topic, Time now) {
  Mail mail;
  if (topic) mail.topic_default = topic->default_subscription;
  mail.at = now;
  return mail;
}

bool may_receive(const Candidate& candidate, const Mail& mail) {
  return receives(decide(true, true, candidate.standing, candidate.choice, mail));
}

}  // namespace

struct Audience::Iterator::Pages {
  std::shared_ptr<detail::RollState> roll;
  detail::Members members;
  std::size_t limit;
  Mail mail;
  std::vector<Candidate> page;
  std::size_t at = 0;
  bool last_page = false;
  Recipient current;

  Pages(std::shared_ptr<detail::RollState> open, detail::Members whom, std::size_t most, const Mail& judged)
      : roll(std::move(open)), members(std::move(whom)), limit(most), mail(judged) {}

  /// The next candidate who may receive it becomes `current`; false at the end.
  bool advance() {
    while (true) {
      for (; at < page.size(); ++at) {
        Candidate& candidate = page[at];
        if (!may_receive(candidate, mail)) continue;
        // Swapped, not moved: the page keeps strings whose memory the store uses again.
        current.id = candidate.id;
        current.email.swap(candidate.email);
        current.first_name.swap(candidate.first_name);
        current.last_name.swap(candidate.last_name);
        ++at;
        return true;
      }
      if (last_page) return false;
      mail.at = roll->clock();
      members.next(*roll->session(), page);
      last_page = page.size() < limit;
      at = 0;
    }
  }
};

Audience::Audience(std::shared_ptr<detail::RollState> roll, detail::People people, std::optional<Topic> topic)
    : roll_(std::move(roll)),
      people_(std::make_shared<const detail::People>(std::move(people))),
      topic_(std::move(topic)) {}

Audience::Iterator Audience::begin() const {
  CandidateQuery query = query_of(topic_, range_);
  query.limit = people_->rules ? filtered_page : list_page;
  detail::Members members(roll_->team.number, *people_, query, roll_->clock());
  auto pages =
      std::make_shared<Iterator::Pages>(roll_, std::move(members), query.limit, mail_of(topic_, roll_->clock()));
  if (!pages->advance()) pages.reset();
  return Iterator(std::move(pages));
}

const Recipient& Audience::Iterator::operator*() const { return pages_->current; }

Audience::Iterator& Audience::Iterator::operator++() {
  if (!pages_->advance()) pages_.reset();
  return *this;
}

bool Audience::Iterator::operator==(std::default_sentinel_t) const { return pages_ == nullptr; }

Counts Audience::count() const {
  return roll_->read([&](Session& session) {
    Counts counts;
    counts.incomplete = roll_->incomplete(session);
    CandidateQuery query = query_of(topic_, range_);
    query.limit = people_->rules ? filtered_page : count_page;
    query.with_profile = false;
    const Mail mail = mail_of(topic_, roll_->clock());
    detail::Members members(roll_->team.number, *people_, query, mail.at);
    std::vector<Candidate> page;
    do {
      members.next(session, page);
      for (const Candidate& candidate : page) {
        const Reason reason = decide(true, true, candidate.standing, candidate.choice, mail);
        ++counts.by_reason[static_cast<std::size_t>(reason)];
        if (!receives(reason)) continue;
        ++counts.receives;
        // Staff can have overridden the opt-out of the topic, or the one from everything.
        if (candidate.choice.by_override || candidate.standing.everything.by_override) ++counts.by_override;
      }
      counts.members += page.size();
    } while (page.size() == query.limit);
    return counts;
  });
}

Audience Audience::partition(int index, int count) const {
  Audience part = *this;
  part.range_ = id_partition(index, count);
  return part;
}

std::vector<Recipient> Audience::page(const std::optional<ContactId>& after, std::size_t limit) const {
  detail::check_limit(limit);
  std::vector<Recipient> recipients;
  const detail::PooledSession session = roll_->session();
  CandidateQuery query = query_of(topic_, range_);
  query.after = after;
  query.limit = limit;
  const Mail mail = mail_of(topic_, roll_->clock());
  detail::Members members(roll_->team.number, *people_, query, mail.at);
  std::vector<Candidate> page;
  do {
    members.next(*session, page);
    for (Candidate& candidate : page) {
      if (recipients.size() == limit) break;
      if (!may_receive(candidate, mail)) continue;
      recipients.push_back(
          {candidate.id, std::move(candidate.email), std::move(candidate.first_name), std::move(candidate.last_name)});
    }
  } while (page.size() == limit && recipients.size() < limit);
  return recipients;
}

const std::optional<Segment>& Audience::segment() const { return people_->segment; }
const std::string& Audience::said() const { return people_->said; }

bool Audience::incomplete() const { return roll_->incomplete(*roll_->session()); }

}  // namespace mailroll
