// Materialised members of dynamic segments: bringing them up to date, and what has become of them.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "audience/segment_rules.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll/segments.hpp"
#include "roll/change_log.hpp"
#include "roll/lookup.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 4096;
/// Contacts that are written in a transaction: few enough for the log to name each of them.
constexpr std::size_t written_at_once = 500;
constexpr std::size_t delete_batch = 10000;
constexpr std::size_t longest_page = 10000;
constexpr Parts parts{.contact = true, .permission = true, .segments = true};

/// Who is looked at: some, and all of some ranges.
struct Prospects {
  std::vector<ContactId> contacts;  ///< ascending, each once
  std::vector<IdRange> ranges;
};

/// `own` is the segment itself: that its rows were written is no reason to look again.
Prospects changed_since(Session& session, TeamNumber team, SegmentNumber own, std::int64_t position,
                        std::int64_t newest) {
  Prospects found;
  detail::each_change(session, team, position, [&](const PersonChange& change) {
    if (change.position > newest) return false;
    if (change.kind == PersonChange::Kind::membership && change.number == number_of(own)) return true;
    if (change.kind == PersonChange::Kind::read_again && change.contact != change.last) {
      found.ranges.push_back({change.contact, change.last});
    } else {
      found.contacts.push_back(change.contact);
    }
    return true;
  });
  return found;
}

/// Whose consent ran out in the meantime.
void add_expired(Session& session, TeamNumber team, Time since, Time now, std::vector<ContactId>& contacts) {
  std::optional<Expiry> after;
  for (std::vector<Expiry> page;; after = page.back()) {
    page = session.expiring(team, now + std::chrono::microseconds(1), after, page_size);
    for (const Expiry& expiry : page) {
      if (expiry.valid_until >= since) contacts.push_back(expiry.contact);
    }
    if (page.size() < page_size) return;
  }
}

/// One refresh().
class Refreshing {
 public:
  Refreshing(detail::RollState& roll, Segment segment, const ProgressFunction& progress)
      : roll_(roll), team_(roll.team.number), segment_(std::move(segment)), progress_(progress) {}

  SegmentRefresh run() {
    detail::publish_changes(roll_);
    // Both before anybody is looked at: whatever comes later is looked at next time.
    done_.as_of = roll_.clock();
    Prospects prospects;
    roll_.read([&](Session& session) { prospects = begin(session); });
    std::vector<ContactId>& contacts = prospects.contacts;
    std::ranges::sort(contacts);
    contacts.erase(std::ranges::unique(contacts).begin(), contacts.end());
    for (std::size_t first = 0; first < contacts.size(); first += written_at_once) {
      const auto some = std::span(contacts).subspan(first, std::min(written_at_once, contacts.size() - first));
      std::vector<Person> people;
      roll_.read([&](Session& session) { session.people_of(team_, some, parts, people); });
      look_at(people);
    }
    for (const IdRange& range : prospects.ranges) walk(range);
    end();
    return done_;
  }

 private:
  Prospects begin(Session& session) {
    rules_ = detail::SegmentRules::read_filter(session, team_, segment_.number, session.segments(team_));
    const std::optional<ChangeBounds> bounds = session.change_bounds(team_);
    if (bounds) bounds_ = *bounds;
    const MaterialisedMembers& before = *segment_.materialised;
    done_.everybody = !bounds || before.position < bounds->forgotten || rules_->lean_on_now();
    if (done_.everybody) return {.contacts = {}, .ranges = {IdRange{}}};
    Prospects found = changed_since(session, team_, segment_.number, before.position, bounds_.newest);
    if (rules_->ask_for_consent()) add_expired(session, team_, before.as_of, done_.as_of, found.contacts);
    return found;
  }

  [[nodiscard]] bool is_in(const Person& person) const {
    return std::ranges::binary_search(person.segments, segment_.number);
  }
  [[nodiscard]] bool is_meant(const Person& person) const {
    return rules_->contains({.segment = segment_.number, .parts = {}}, person, done_.as_of);
  }

  void walk(IdRange rest) {
    std::vector<Person> page;
    do {
      roll_.read([&](Session& session) { session.people(team_, rest, parts, page_size, page); });
      look_at(page);
      if (!page.empty()) rest.first = next_id(page.back().id);
    } while (page.size() == page_size && page.back().id != rest.last);
  }

  void look_at(const std::vector<Person>& people) {
    done_.looked_at += people.size();
    for (const Person& person : people) {
      if (is_in(person) == is_meant(person)) continue;
      wrong_.push_back(person.id);
      if (wrong_.size() == written_at_once) write();
    }
    write();
    if (progress_ && !progress_({"refresh", done_.looked_at, 0})) {
      throw Error(ErrorKind::cancelled, "the members were not brought up to date to the end; the next refresh goes on",
                  {{"reason", "cancelled"}});
    }
  }

  /// Those whose rows were found to be wrong, once more and under their locks: they may have changed since.
  void write() {
    if (wrong_.empty()) return;
    const auto [entered, left] = roll_.write([&](Session& session) {
      session.lock_all(team_, wrong_);
      std::vector<Person> people;
      session.people_of(team_, wrong_, parts, people);
      ChangeSet changes;
      for (const Person& person : people) {
        const bool meant = is_meant(person);
        if (is_in(person) != meant) (meant ? changes.joined : changes.left).push_back({person.id, segment_.number});
      }
      session.write(team_, changes);
      return std::pair(changes.joined.size(), changes.left.size());
    });
    done_.entered += entered;
    done_.left += left;
    wrong_.clear();
  }

  void end() {
    roll_.write([&](Session& session) {
      session.lock_shared(team_, 0);
      const std::vector<Segment> segments = session.segments(team_);
      const auto now = std::ranges::find(segments, segment_.number, &Segment::number);
      // Under another filter by now, or no longer materialised: then these are not its members.
      if (now == segments.end() || now->filter != segment_.filter || !now->materialised) return;
      Segment segment = *now;
      segment.materialised = MaterialisedMembers{done_.as_of, bounds_.newest};
      session.put_segment(team_, segment);
      detail::forget_old_changes(session, team_, bounds_);
    });
  }

  detail::RollState& roll_;
  TeamNumber team_;
  Segment segment_;
  const ProgressFunction& progress_;
  std::shared_ptr<const detail::SegmentRules> rules_;
  ChangeBounds bounds_{.forgotten = 0, .newest = -1};  // newest -1: the store keeps no log
  SegmentRefresh done_;
  std::vector<ContactId> wrong_;
};

Segment find_dynamic_segment(detail::RollState& roll, Session& session, const SegmentRef& ref) {
  Segment found = detail::find_segment(roll, session, ref);
  if (found.filter.empty()) {
    throw Error(ErrorKind::refused, "that segment is static: its members are rows already",
                {{"reason", "static_segment"}});
  }
  return found;
}

Segment find_materialised_segment(detail::RollState& roll, Session& session, const SegmentRef& ref) {
  Segment found = find_dynamic_segment(roll, session, ref);
  if (!found.materialised) {
    throw Error(ErrorKind::refused,
                "the members of that segment are not materialised; do it first: mailroll segments materialise NAME",
                {{"reason", "not_materialised"}});
  }
  return found;
}

}  // namespace

SegmentRefresh Segments::materialise(const SegmentRef& segment, const ProgressFunction& progress) {
  const Segment found = roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    Segment known = find_dynamic_segment(*roll_, session, segment);
    if (!known.materialised) {
      known.materialised = MaterialisedMembers{};
      session.put_segment(roll_->team.number, known);
    }
    return known;
  });
  return Refreshing(*roll_, found, progress).run();
}

SegmentRefresh Segments::refresh(const SegmentRef& segment, const ProgressFunction& progress) {
  const Segment found =
      roll_->read([&](Session& session) { return find_materialised_segment(*roll_, session, segment); });
  return Refreshing(*roll_, found, progress).run();
}

Segment Segments::stop_materialising(const SegmentRef& segment) {
  Segment found = roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    Segment known = find_dynamic_segment(*roll_, session, segment);
    known.materialised.reset();
    session.put_segment(roll_->team.number, known);
    return known;
  });
  std::size_t removed = 0;
  do {
    removed = roll_->write(
        [&](Session& session) { return session.remove_members(roll_->team.number, found.number, delete_batch); });
  } while (removed == delete_batch);
  return found;
}

SegmentEvents Segments::events(const SegmentRef& segment, std::int64_t after, std::size_t limit) const {
  if (after < 0) {
    throw Error(ErrorKind::invalid, "a position of a segment's events is 0 or what the page before gave as its next",
                {{"reason", "cursor"}});
  }
  if (limit < 1 || limit > longest_page) {
    throw Error(ErrorKind::invalid, "a page of a segment's events has a limit from 1 to 10000", {{"reason", "limit"}});
  }
  const TeamNumber team = roll_->team.number;
  detail::publish_changes(*roll_);
  return roll_->read([&](Session& session) {
    const Segment found = find_materialised_segment(*roll_, session, segment);
    const std::optional<ChangeBounds> bounds = session.change_bounds(team);
    if (!bounds) {
      throw Error(ErrorKind::refused, "this store keeps no log of changes, so nobody knows who entered or left",
                  {{"reason", "no_change_log"}});
    }
    if (after < bounds->forgotten) {
      throw Error(ErrorKind::refused,
                  "what happened behind that position is no longer kept; read all members, and go on from position " +
                      std::to_string(bounds->newest),
                  {{"reason", "changes_forgotten"}, {"position", std::to_string(bounds->newest)}});
    }
    SegmentEvents page{.items = {}, .next = after};
    detail::each_change(session, team, after, [&](const PersonChange& change) {
      if (page.items.size() == limit) return false;
      page.next = change.position;
      if (change.kind == PersonChange::Kind::membership && change.number == number_of(found.number)) {
        page.items.push_back({change.position, change.contact, change.present});
      } else if (change.kind == PersonChange::Kind::read_again && change.contact == change.last) {
        // Erased, or merged into another: no row is left that could say it.
        const Person person = session.person(team, change.contact, {.contact = true});
        if (!person.contact) page.items.push_back({change.position, change.contact, false});
      }
      return true;
    });
    return page;
  });
}

}  // namespace mailroll
