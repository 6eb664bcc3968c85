#include "mailroll/audience/snapshot_people.hpp"

#include <utility>

#include "audience/snapshot_fields.hpp"
#include "audience/snapshot_filter.hpp"
#include "audience/snapshot_questions.hpp"
#include "mailroll/audience/filter_json.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"

namespace mailroll {

namespace {

std::string joined(const SnapshotPeople& left, const char* sign, const SnapshotPeople& right) {
  return "(" + left.said() + ") " + sign + " (" + right.said() + ")";
}

}  // namespace

SnapshotPeople::SnapshotPeople(std::shared_ptr<const detail::SnapshotColumns> columns, detail::Bits who,
                               std::string said)
    : columns_(std::move(columns)),
      who_(std::make_shared<const detail::Bits>(std::move(who))),
      said_(std::move(said)) {}

std::uint64_t SnapshotPeople::size() const { return who_->count(); }

void SnapshotPeople::require_same(const SnapshotPeople& left, const SnapshotPeople& right) {
  if (left.columns_ == right.columns_) return;
  throw Error(ErrorKind::invalid, "these people are of another snapshot; ask both of the same one",
              {{"reason", "other_snapshot"}});
}

SnapshotPeople operator&(const SnapshotPeople& left, const SnapshotPeople& right) {
  SnapshotPeople::require_same(left, right);
  detail::Bits who = *left.who_;
  detail::keep_both(who.words(), right.who_->words(), who.word_count());
  return {left.columns_, std::move(who), joined(left, "&", right)};
}

SnapshotPeople operator|(const SnapshotPeople& left, const SnapshotPeople& right) {
  SnapshotPeople::require_same(left, right);
  detail::Bits who = *left.who_;
  detail::add_either(who.words(), right.who_->words(), who.word_count());
  return {left.columns_, std::move(who), joined(left, "|", right)};
}

SnapshotPeople operator-(const SnapshotPeople& left, const SnapshotPeople& right) {
  SnapshotPeople::require_same(left, right);
  detail::Bits who = *left.who_;
  detail::take_away(who.words(), right.who_->words(), who.word_count());
  return {left.columns_, std::move(who), joined(left, "-", right)};
}

SnapshotPeople Snapshot::meant(const SegmentRef& segment) const {
  detail::BlockSet set = detail::set_of(*columns_, detail::people_meant(*columns_, segment));
  return {columns_, detail::bits_of(*columns_, set), segment.text};
}

SnapshotPeople Snapshot::where(std::string_view filter) const {
  if (!columns_->fields) {
    throw Error(ErrorKind::invalid,
                "the snapshot was loaded without columns; name those of the filter where the snapshot is loaded",
                {{"reason", "not_loaded"}});
  }
  const FilterNames names{
      .properties = columns_->fields->properties, .segments = columns_->segments, .topics = columns_->topics};
  const Filter checked = check_filter(read_filter(filter), names);
  return {columns_, detail::people_where(*columns_, checked), std::string(filter)};
}

void Snapshot::require_own(const SnapshotPeople& people) const {
  if (people.columns_ == columns_) return;
  throw Error(ErrorKind::invalid, "these people are of another snapshot; ask that one", {{"reason", "other_snapshot"}});
}

Counts Snapshot::count(const SnapshotPeople& people, const TopicRef& topic) const {
  require_own(people);
  detail::BlockSet set;
  set.add(*people.who_);
  return detail::counts_of(*columns_, set, detail::mail_of(*columns_, topic));
}

std::vector<ContactId> Snapshot::people(const SnapshotPeople& people, const TopicRef& topic) const {
  require_own(people);
  detail::BlockSet set;
  set.add(*people.who_);
  return detail::ids_of(*columns_, detail::audience_of(*columns_, set, detail::mail_of(*columns_, topic)));
}

std::vector<ContactId> Snapshot::sample(const SnapshotPeople& people, const TopicRef& topic, std::size_t size,
                                        std::uint64_t seed) const {
  require_own(people);
  detail::BlockSet set;
  set.add(*people.who_);
  return detail::sample_of(*columns_, detail::audience_of(*columns_, set, detail::mail_of(*columns_, topic)), size,
                           seed);
}

}  // namespace mailroll
