#include "audience/snapshot_patch.hpp"

#include <algorithm>
#include <future>
#include <iterator>

namespace mailroll::detail {

namespace {

/// Reasons that decide() gives before it looks at a topic: then it is the same for every mail.
bool is_of_all_mail(Reason reason) {
  switch (reason) {
    case Reason::erased:
    case Reason::suppressed_complaint:
    case Reason::suppressed_bounce:
    case Reason::suppressed_manual:
    case Reason::unsubscribed: return true;
    default: return false;
  }
}

/// A standing that decide() takes as the one behind a judgement without a topic, which is not of all mail.
Standing standing_of(const Judgement& judgement) {
  Standing standing;
  if (judgement.reason == Reason::unconfirmed) standing.everything.said = Said::pending;
  standing.everything.by_override = judgement.by_override;
  return standing;
}

template <typename Definition, typename Number>
std::optional<std::size_t> place_of(const std::vector<Definition>& definitions, Number number) {
  const auto found = std::ranges::lower_bound(definitions, number, {}, &Definition::number);
  if (found == definitions.end() || found->number != number) return std::nullopt;
  return static_cast<std::size_t>(found - definitions.begin());
}

/// Nobody has said anything about a topic that is new.
Judged of_new_topic(const Judged& without_topic, const Topic& topic) {
  const Mail mail{.transactional = false, .topic_default = topic.default_subscription, .at = {}};
  const auto before = static_cast<std::size_t>(Reason::subscribed);
  const auto now = static_cast<std::size_t>(judge({}, {}, mail).reason);
  Judged judged = without_topic;
  std::swap(judged.by_reason[before], judged.by_reason[now]);
  if (!receives(static_cast<Reason>(now))) judged.by_override = nullptr;
  judged.count();
  return judged;
}

/// Words of a set that a thread is worth.
constexpr std::size_t large_set = 16'384;

/// Only those bits that are not so in the set.
template <typename Bit>
void leave_changes(const std::shared_ptr<const Bits>& set, std::vector<Bit>& bits) {
  std::erase_if(bits, [&](const Bit& bit) { return (set && set->test(bit.first)) == bit.second; });
}

std::vector<IdRange> disjoint(std::vector<IdRange> ranges) {
  std::ranges::sort(ranges, {}, &IdRange::first);
  std::vector<IdRange> all;
  for (const IdRange& range : ranges) {
    if (!all.empty() && range.first <= all.back().last) {
      all.back().last = std::max(all.back().last, range.last);
    } else {
      all.push_back(range);
    }
  }
  return all;
}

}  // namespace

std::optional<SnapshotColumns> under_definitions(const SnapshotColumns& older, std::vector<Segment> segments,
                                                 std::vector<Topic> topics, std::shared_ptr<const SegmentRules> rules) {
  if (!same_filters(older.rules.get(), rules.get())) return std::nullopt;
  SnapshotColumns columns = older;
  columns.members.clear();
  for (const Segment& segment : segments) {
    const auto place = place_of(older.segments, segment.number);
    columns.members.push_back(place ? older.members[*place] : std::make_shared<const Bits>(older.nobody()));
  }
  columns.mails.resize(1);
  for (const Topic& topic : topics) {
    const auto place = place_of(older.topics, topic.number);
    columns.mails.push_back(place ? older.mails[*place + 1] : of_new_topic(older.mails[0], topic));
  }
  columns.segments = std::move(segments);
  columns.topics = std::move(topics);
  columns.rules = std::move(rules);
  return columns;
}

SnapshotPatch::SnapshotPatch(SnapshotColumns older, Time as_of)
    : columns_(std::move(older)),
      mails_(mails_of(columns_.topics, as_of)),
      members_(columns_.members.size()),
      judged_(mails_.size()) {
  const auto& expiring = *columns_.expiring;
  const auto first = std::ranges::upper_bound(expiring, columns_.as_of, {}, &Expiring::at);
  const auto end = std::ranges::upper_bound(expiring, as_of, {}, &Expiring::at);
  for (auto expired = first; expired < end; ++expired) {
    if (columns_.ids.has(expired->ordinal)) to_read_.push_back(columns_.ids[expired->ordinal]);
  }
  columns_.as_of = as_of;
}

void SnapshotPatch::apply(std::span<const PersonChange> changes) {
  for (const PersonChange& change : changes) {
    if (change.kind != PersonChange::Kind::read_again) continue;
    if (change.last == change.contact) {
      to_read_.push_back(change.contact);
    } else {
      ranges_.push_back({.first = change.contact, .last = change.last});
    }
  }
  ranges_ = disjoint(std::move(ranges_));
  std::ranges::sort(to_read_);
  to_read_.erase(std::ranges::unique(to_read_).begin(), to_read_.end());
  std::erase_if(to_read_, [&](const ContactId& id) { return in_ranges(id); });
  const std::vector<ContactId> known = to_read_;
  for (std::size_t first = 0; first < changes.size();) {
    const ContactId& contact = changes[first].contact;
    std::size_t end = first + 1;
    while (end < changes.size() && changes[end].contact == contact) ++end;
    if (!in_ranges(contact) && !std::ranges::binary_search(known, contact)) {
      apply_to_one(contact, changes.subspan(first, end - first));
    }
    first = end;
  }
  std::ranges::sort(to_read_);
}

bool SnapshotPatch::in_ranges(const ContactId& id) const {
  const auto behind = std::ranges::upper_bound(ranges_, id, {}, &IdRange::first);
  return behind != ranges_.begin() && id <= std::prev(behind)->last;
}

std::size_t SnapshotPatch::known_in_ranges() const {
  std::size_t known = 0;
  for (const IdRange& range : ranges_) columns_.ids.each_in(range, [&](std::size_t) { ++known; });
  return known;
}

Judgement SnapshotPatch::judgement_without_topic(std::size_t ordinal) const {
  const Judged& judged = columns_.mails[0];
  for (std::size_t r = 0; r < reason_count; ++r) {
    if (!judged.by_reason[r] || !judged.by_reason[r]->test(ordinal)) continue;
    return {.reason = static_cast<Reason>(r), .by_override = judged.by_override && judged.by_override->test(ordinal)};
  }
  return {};
}

void SnapshotPatch::apply_to_one(const ContactId& contact, std::span<const PersonChange> changes) {
  using Kind = PersonChange::Kind;
  const std::optional<std::size_t> known = columns_.ids.find(contact);
  const bool was_there = known && columns_.ids.has(*known);
  bool is_there = was_there;
  const PersonChange* stands = nullptr;
  bool chose = false;
  for (const PersonChange& change : changes) {
    if (change.kind == Kind::profile) is_there = change.present;
    if (change.kind == Kind::standing) stands = &change;
    chose = chose || change.kind == Kind::choice;
  }
  if (!is_there) {
    if (was_there) go(*known);
    return;
  }
  if (!was_there || columns_.rules) {
    to_read_.push_back(contact);
    return;
  }
  const std::size_t ordinal = *known;
  Judgement judgement;
  if (stands != nullptr || chose) judgement = judgement_without_topic(ordinal);
  if (stands != nullptr) {
    const Judgement before = std::exchange(judgement, judge(stands->standing, {}, mails_[0]));
    if (judgement != before) {
      // What was said about topics shows again, or in another light; the snapshot does not know it any more.
      if (!is_of_all_mail(judgement.reason)) {
        to_read_.push_back(contact);
        return;
      }
      for (auto& told : judged_) told.push_back({static_cast<std::uint32_t>(ordinal), judgement});
    }
  }
  for (const PersonChange& change : changes) {
    if (change.kind == Kind::membership) {
      const auto place = place_of(columns_.segments, SegmentNumber{change.number});
      if (place) members_[*place].emplace_back(static_cast<std::uint32_t>(ordinal), change.present);
    } else if (change.kind == Kind::choice) {
      const auto place = place_of(columns_.topics, TopicNumber{change.number});
      if (!place) continue;
      note_expiry(ordinal, change.choice);
      if (is_of_all_mail(judgement.reason)) continue;
      judged_[*place + 1].push_back(
          {static_cast<std::uint32_t>(ordinal), judge(standing_of(judgement), change.choice, mails_[*place + 1])});
    }
  }
}

void SnapshotPatch::note_expiry(std::size_t ordinal, const ScopeState& choice) {
  if (!runs_out_behind(columns_.as_of, choice)) return;
  expiring_.push_back({.at = *choice.valid_until, .ordinal = static_cast<std::uint32_t>(ordinal)});
}

void SnapshotPatch::go(std::size_t ordinal) {
  const auto who = static_cast<std::uint32_t>(ordinal);
  there_.emplace_back(who, false);
  for (auto& bits : members_) bits.emplace_back(who, false);
  for (auto& told : judged_) told.push_back({who, std::nullopt});
}

void SnapshotPatch::put(const Person& person) {
  if (!person.contact) return;
  const std::optional<std::size_t> known = columns_.ids.find(person.id);
  const std::size_t ordinal = known ? *known : columns_.ids.ordinals() + comers_.size();
  const auto who = static_cast<std::uint32_t>(ordinal);
  if (known) {
    put_.set(ordinal);
    if (!columns_.ids.has(ordinal)) there_.emplace_back(who, true);
  } else {
    comers_.push_back(person.id);
  }
  for (std::size_t place = 0; place < members_.size(); ++place) {
    const SegmentSet alone{.segment = columns_.segments[place].number, .parts = {}};
    const bool is_in = columns_.rules ? columns_.rules->contains(alone, person, columns_.as_of)
                                      : std::ranges::binary_search(person.segments, alone.segment);
    if (known || is_in) members_[place].emplace_back(who, is_in);
  }
  const Permission& permission = person.permission;
  for (std::size_t mail = 0; mail < mails_.size(); ++mail) {
    static const ScopeState nothing_said;
    const ScopeState& choice = mail == 0 ? nothing_said : permission.choice(columns_.topics[mail - 1].number);
    note_expiry(ordinal, choice);
    judged_[mail].push_back({who, judge(permission.standing, choice, mails_[mail])});
  }
}

void SnapshotPatch::let_go_who_was_not_put() {
  const auto let_go = [&](std::size_t ordinal) {
    if (columns_.ids.has(ordinal) && !put_.test(ordinal)) go(ordinal);
  };
  for (const ContactId& id : to_read_) {
    if (const auto known = columns_.ids.find(id)) let_go(*known);
  }
  for (const IdRange& range : ranges_) columns_.ids.each_in(range, let_go);
}

std::shared_ptr<const Bits> SnapshotPatch::copied(const std::shared_ptr<const Bits>& set,
                                                  const std::vector<Bit>& bits) const {
  auto copy = std::make_shared<Bits>(set ? *set : columns_.nobody());
  for (const auto& [ordinal, is_set] : bits) is_set ? copy->set(ordinal) : copy->clear(ordinal);
  return copy;
}

void SnapshotPatch::patch_members() {
  for (std::size_t place = 0; place < members_.size(); ++place) {
    std::shared_ptr<const Bits>& set = columns_.members[place];
    leave_changes(set, members_[place]);
    if (!members_[place].empty()) set = copied(set, members_[place]);
  }
}

std::shared_ptr<const Bits> SnapshotPatch::patched(const std::shared_ptr<const Bits>& set, std::vector<Bit> bits) {
  leave_changes(set, bits);
  if (bits.empty()) return set;
  const auto [first, end] = patched_.equal_range(set.get());
  for (auto known = first; known != end; ++known) {
    if (known->second.bits == bits) return known->second.set;
  }
  auto copy = copied(set, bits);
  patched_.emplace(set.get(), Patched{.bits = std::move(bits), .set = copy});
  return copy;
}

void SnapshotPatch::patch_mail(std::size_t mail) {
  const std::vector<Told>& told = judged_[mail];
  if (told.empty()) return;
  Judged& judged = columns_.mails[mail];
  const auto patch = [&](std::shared_ptr<const Bits>& set, const auto& is_in) {
    std::vector<Bit> bits;
    for (const Told& one : told) {
      const bool in = one.judgement && is_in(*one.judgement);
      if (set || in) bits.emplace_back(one.ordinal, in);
    }
    auto now = patched(set, std::move(bits));
    const bool is_another = now != set;
    set = std::move(now);
    return is_another;
  };
  for (std::size_t r = 0; r < reason_count; ++r) {
    const auto is_it = [&](const Judgement& judgement) { return judgement.reason == static_cast<Reason>(r); };
    if (!patch(judged.by_reason[r], is_it)) continue;
    judged.counts[r] = judged.by_reason[r]->count();
    if (judged.counts[r] == 0) judged.by_reason[r] = nullptr;
  }
  judged.commonest = static_cast<std::size_t>(std::ranges::max_element(judged.counts) - judged.counts.begin());
  const auto is_by_override = [](const Judgement& judgement) { return judgement.by_override; };
  if (patch(judged.by_override, is_by_override) && judged.by_override->count() == 0) judged.by_override = nullptr;
}

void SnapshotPatch::patch_ids() {
  if (!there_.empty()) {
    auto gone = std::make_shared<Bits>(columns_.ids.gone() ? *columns_.ids.gone() : columns_.nobody());
    for (const auto& [ordinal, is_there] : there_) is_there ? gone->clear(ordinal) : gone->set(ordinal);
    columns_.ids.set_gone(std::move(gone));
  }
  columns_.ids.add(comers_);
}

void SnapshotPatch::merge_expiring() {
  if (expiring_.empty()) return;
  std::ranges::sort(expiring_);
  expiring_.erase(std::ranges::unique(expiring_).begin(), expiring_.end());
  const auto& known = *columns_.expiring;
  const auto first = std::ranges::upper_bound(known, columns_.as_of, {}, &Expiring::at);
  std::vector<Expiring> all;
  all.reserve(static_cast<std::size_t>(known.end() - first) + expiring_.size());
  std::ranges::set_union(first, known.end(), expiring_.begin(), expiring_.end(), std::back_inserter(all));
  columns_.expiring = std::make_shared<const std::vector<Expiring>>(std::move(all));
}

SnapshotColumns SnapshotPatch::finish() && {
  let_go_who_was_not_put();
  // Of a large team, most of the time is copying: on two threads, of which one has members and the other all else.
  const auto policy = columns_.words() >= large_set ? std::launch::async : std::launch::deferred;
  std::future<void> members = std::async(policy, [this] { patch_members(); });
  for (std::size_t mail = 0; mail < mails_.size(); ++mail) patch_mail(mail);
  merge_expiring();
  members.get();
  patch_ids();
  return columns_.ids.are_crowded() ? numbered_anew(columns_) : std::move(columns_);
}

}  // namespace mailroll::detail
