#include "sql/logged_changes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>

namespace mailroll::detail {
namespace {

// Beyond this a load would notice what the log costs it. Of contacts that are new a store is told at its fastest.
constexpr std::size_t most_changes = 4000;
constexpr std::size_t most_of_newcomers = 1000;

using Kind = PersonChange::Kind;

auto key_of(const PersonChange& change) { return std::tie(change.contact, change.kind, change.number); }

std::size_t count_of(const ChangeSet& changes) {
  return changes.contacts.size() + changes.removed_contacts.size() + changes.joined.size() + changes.left.size() +
         changes.standings.size() + changes.choices.size() + changes.dropped.size();
}

PersonChange change_of(const ContactId& contact, Kind kind, std::int32_t number = 0, bool present = true) {
  PersonChange change;
  change.contact = contact;
  change.kind = kind;
  change.number = number;
  change.present = present;
  return change;
}

PersonChange read_again(const ContactId& first, const ContactId& last) {
  PersonChange change = change_of(first, Kind::read_again);
  change.last = last;
  return change;
}

/// The ids that begin with the same eight bytes as the first and the last that are changed, and all between: of a load one looks
/// at every row, and numbers are compared at no cost that it would notice.
class WidenedRange {
 public:
  void add(const ContactId& contact) {
    std::uint64_t number = 0;
    for (std::size_t at = 0; at < sizeof number; ++at) number = number << 8 | contact.bytes[at];
    first_ = std::min(first_, number);
    last_ = std::max(last_, number);
  }
  [[nodiscard]] PersonChange change() const {
    IdRange range;
    put(first_, range.first);
    put(last_, range.last);
    return read_again(range.first, range.last);
  }

 private:
  static void put(std::uint64_t number, ContactId& out) {
    for (std::size_t at = sizeof number; at-- > 0; number >>= 8) out.bytes[at] = static_cast<std::uint8_t>(number);
  }

  std::uint64_t first_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t last_ = 0;
};

PersonChange whole_range(const ChangeSet& changes) {
  WidenedRange range;
  for (const Contact& contact : changes.contacts) range.add(contact.id);
  for (const ContactId& contact : changes.removed_contacts) range.add(contact);
  for (const Membership& membership : changes.joined) range.add(membership.contact);
  for (const Membership& membership : changes.left) range.add(membership.contact);
  for (const PersonStanding& person : changes.standings) range.add(person.contact);
  for (const PersonChoice& person : changes.choices) range.add(person.contact);
  for (const ContactId& contact : changes.dropped) range.add(contact);
  return range.change();
}

/// What is removed goes before what is added, as it is written.
std::vector<PersonChange> one_by_one(const ChangeSet& changes) {
  std::vector<PersonChange> found;
  found.reserve(count_of(changes));
  for (const Membership& left : changes.left) {
    found.push_back(change_of(left.contact, Kind::membership, number_of(left.segment), false));
  }
  for (const ContactId& contact : changes.removed_contacts) {
    found.push_back(change_of(contact, Kind::profile, 0, false));
  }
  for (const Contact& contact : changes.contacts) found.push_back(change_of(contact.id, Kind::profile));
  for (const Membership& joined : changes.joined) {
    found.push_back(change_of(joined.contact, Kind::membership, number_of(joined.segment)));
  }
  for (const PersonStanding& person : changes.standings) {
    found.emplace_back(change_of(person.contact, Kind::standing)).standing = for_decide(person.standing);
  }
  for (const PersonChoice& person : changes.choices) {
    found.emplace_back(change_of(person.contact, Kind::choice, number_of(person.choice.topic))).choice =
        for_decide(person.choice.state);
  }
  return found;
}

/// Ascending by their keys; of equal ones the last.
void order(std::vector<PersonChange>& changes) {
  std::ranges::reverse(changes);
  std::ranges::stable_sort(changes, {}, key_of);
  const auto rest = std::ranges::unique(changes, {}, key_of);
  changes.erase(rest.begin(), rest.end());
}

}  // namespace

LoggedChanges logged_changes(const ChangeSet& changes) {
  LoggedChanges logged;
  logged.to_read_again = changes.dropped;
  // Of newcomers nothing is in the log that could have to go.
  if (!changes.all_new) {
    for (const PersonStanding& person : changes.standings) {
      if (person.standing.erased) logged.to_read_again.push_back(person.contact);
    }
  }
  std::ranges::sort(logged.to_read_again);
  const auto twice = std::ranges::unique(logged.to_read_again);
  logged.to_read_again.erase(twice.begin(), twice.end());

  if (count_of(changes) > (changes.all_new ? most_of_newcomers : most_changes)) {
    logged.changes = {whole_range(changes)};
    return logged;
  }
  logged.changes = one_by_one(changes);
  if (!logged.to_read_again.empty()) {
    std::erase_if(logged.changes, [&](const PersonChange& change) {
      return std::ranges::binary_search(logged.to_read_again, change.contact);
    });
    for (const ContactId& contact : logged.to_read_again) logged.changes.push_back(read_again(contact, contact));
  }
  order(logged.changes);
  return logged;
}

}  // namespace mailroll::detail
