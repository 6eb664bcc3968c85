#include "mailroll/audience/snapshot.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "audience/block_set.hpp"
#include "audience/snapshot_columns.hpp"
#include "audience/snapshot_fields.hpp"
#include "audience/snapshot_questions.hpp"
#include "mailroll/error.hpp"

namespace mailroll {

namespace detail {

std::size_t mail_of(const SnapshotColumns& columns, const TopicRef& topic) {
  if (!topic.text) return 0;
  return static_cast<std::size_t>(&find_topic(columns.topics, topic) - columns.topics.data()) + 1;
}

SegmentSet people_meant(const SnapshotColumns& columns, const SegmentRef& text) {
  return resolve(expression_of(text, columns.segments), columns.segments);
}

namespace {

void add_steps(const SnapshotColumns& columns, const SegmentSet& people, BlockSet& set) {
  for (const SegmentSet& part : people.parts) add_steps(columns, part, set);
  switch (people.operation) {
    case SetOperation::segment: {
      const auto found = std::ranges::find(columns.segments, people.segment, &Segment::number);
      if (found == columns.segments.end()) {
        set.apply(BlockSet::Operation::nobody);
      } else {
        set.add(*columns.members[static_cast<std::size_t>(found - columns.segments.begin())]);
      }
      break;
    }
    case SetOperation::intersection: set.apply(BlockSet::Operation::both); break;
    case SetOperation::union_: set.apply(BlockSet::Operation::either); break;
    case SetOperation::difference: set.apply(BlockSet::Operation::without); break;
  }
}

}  // namespace

BlockSet set_of(const SnapshotColumns& columns, const SegmentSet& people) {
  BlockSet set;
  add_steps(columns, people, set);
  return set;
}

Bits who_receives(const SnapshotColumns& columns, std::size_t mail) {
  Bits who = columns.nobody();
  for (std::size_t r = 0; r < reason_count; ++r) {
    const Bits* set = columns.mails[mail].by_reason[r].get();
    if (set != nullptr && receives(static_cast<Reason>(r))) add_either(who.words(), set->words(), who.word_count());
  }
  return who;
}

Bits bits_of(const SnapshotColumns& columns, BlockSet& people) {
  Bits who = columns.nobody();
  each_block(people, columns.words(), [&](std::size_t first, std::size_t words, const Word* block) {
    std::copy_n(block, words, who.words() + first);
  });
  return who;
}

Bits audience_of(const SnapshotColumns& columns, const SegmentSet& people, std::size_t mail) {
  BlockSet members = set_of(columns, people);
  return audience_of(columns, members, mail);
}

Bits audience_of(const SnapshotColumns& columns, BlockSet& people, std::size_t mail) {
  Bits who = who_receives(columns, mail);
  each_block(people, columns.words(), [&](std::size_t first, std::size_t words, const Word* block) {
    keep_both(who.words() + first, block, words);
  });
  return who;
}

std::vector<ContactId> ids_of(const SnapshotColumns& columns, const Bits& people) {
  std::vector<ContactId> ids;
  ids.reserve(people.count());
  columns.ids.each(people, [&](std::size_t ordinal) { ids.push_back(columns.ids[ordinal]); });
  return ids;
}

namespace {

/// A number below `bound`, every one as likely: what does not divide evenly is drawn again. (The standard's distributions
/// are another on each machine.)
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t uneven = (0 - bound) % bound;
    std::uint64_t drawn = next();
    while (drawn < uneven) drawn = next();
    return drawn % bound;
  }

 private:
  std::uint64_t next() {  // SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
  }
  std::uint64_t state_;
};

/// `size` of the numbers below `all`, ascending. R. Floyd, in Bentley, "Programming pearls: a sample of brilliance", 1987.
std::vector<std::uint64_t> drawn_from(std::uint64_t all, std::uint64_t size, std::uint64_t seed) {
  Draw draw(seed);
  std::unordered_set<std::uint64_t> taken;
  for (std::uint64_t last = all - size; last < all; ++last) {
    if (!taken.insert(draw.below(last + 1)).second) taken.insert(last);
  }
  std::vector<std::uint64_t> ranks(taken.begin(), taken.end());
  std::ranges::sort(ranks);
  return ranks;
}

}  // namespace

std::vector<ContactId> sample_of(const SnapshotColumns& columns, const Bits& who, std::size_t size,
                                 std::uint64_t seed) {
  const std::uint64_t all = who.count();
  const std::vector<std::uint64_t> ranks = drawn_from(all, std::min<std::uint64_t>(size, all), seed);
  std::vector<ContactId> people;
  people.reserve(ranks.size());
  std::uint64_t rank = 0;
  columns.ids.each(who, [&](std::size_t ordinal) {
    if (people.size() < ranks.size() && ranks[people.size()] == rank) people.push_back(columns.ids[ordinal]);
    ++rank;
  });
  return people;
}

Counts counts_of(const SnapshotColumns& columns, BlockSet& people, std::size_t mail) {
  const Judged& judged = columns.mails[mail];
  Counts counts;
  counts.incomplete = columns.incomplete;
  std::uint64_t of_others = 0;
  each_block(people, columns.words(), [&](std::size_t first, std::size_t words, const Word* block) {
    counts.members += count_set(block, words);
    for (std::size_t r = 0; r < reason_count; ++r) {
      if (r == judged.commonest || !judged.by_reason[r]) continue;
      counts.by_reason[r] += count_both(block, judged.by_reason[r]->words() + first, words);
    }
    if (judged.by_override) {
      counts.by_override += count_both(block, judged.by_override->words() + first, words);
    }
  });
  for (const std::uint64_t count : counts.by_reason) of_others += count;
  counts.by_reason[judged.commonest] = counts.members - of_others;
  for (std::size_t r = 0; r < reason_count; ++r) {
    if (receives(static_cast<Reason>(r))) counts.receives += counts.by_reason[r];
  }
  return counts;
}

}  // namespace detail

Time Snapshot::as_of() const { return columns_->as_of; }

std::chrono::microseconds Snapshot::age(Time now) const {
  return std::max(now - columns_->as_of, std::chrono::microseconds(0));
}

std::optional<std::int64_t> Snapshot::cursor() const { return columns_->cursor; }
bool Snapshot::incomplete() const { return columns_->incomplete; }
std::uint64_t Snapshot::contacts() const { return columns_->ids.contacts(); }
const std::vector<Segment>& Snapshot::segments() const { return columns_->segments; }
const std::vector<Topic>& Snapshot::topics() const { return columns_->topics; }

Snapshot::Memory Snapshot::memory() const {
  std::set<const detail::Bits*> sets;  // several mails share some
  for (const auto& members : columns_->members) sets.insert(members.get());
  for (const detail::Judged& judged : columns_->mails) {
    for (const auto& set : judged.by_reason) sets.insert(set.get());
    sets.insert(judged.by_override.get());
  }
  sets.erase(nullptr);
  Memory memory{.ids = columns_->ids.octets()};
  if (columns_->fields) memory.columns = columns_->fields->octets();
  for (const detail::Bits* set : sets) memory.sets += set->word_count() * sizeof(detail::Word);
  return memory;
}

Counts Snapshot::count(const SegmentRef& segment, const TopicRef& topic) const {
  const std::size_t mail = detail::mail_of(*columns_, topic);
  detail::BlockSet set = detail::set_of(*columns_, detail::people_meant(*columns_, segment));
  return detail::counts_of(*columns_, set, mail);
}

std::vector<ContactId> Snapshot::people(const SegmentRef& segment, const TopicRef& topic) const {
  const SegmentSet meant = detail::people_meant(*columns_, segment);
  return detail::ids_of(*columns_, detail::audience_of(*columns_, meant, detail::mail_of(*columns_, topic)));
}

std::vector<ContactId> Snapshot::sample(const SegmentRef& segment, const TopicRef& topic, std::size_t size,
                                        std::uint64_t seed) const {
  const SegmentSet meant = detail::people_meant(*columns_, segment);
  const detail::Bits who = detail::audience_of(*columns_, meant, detail::mail_of(*columns_, topic));
  return detail::sample_of(*columns_, who, size, seed);
}

}  // namespace mailroll
