#include <algorithm>
#include <set>

#include "mailroll/error.hpp"
#include "mailroll/roll/keys.hpp"
#include "roll/roll_state.hpp"
#include "store/moved_person.hpp"
#include "transfer/chunks.hpp"
#include "transfer/pace.hpp"

namespace mailroll {

namespace {

constexpr std::size_t ids_in_chunk = 1000;
constexpr std::size_t collisions_listed = 100;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// How far into the ids a walk is, as a share of `total`: ids are spread evenly.
std::uint64_t share_of(std::uint64_t total, const ContactId& id) {
  const std::uint64_t leading = std::uint64_t{id.bytes[0]} << 16 | std::uint64_t{id.bytes[1]} << 8 | id.bytes[2];
  return total * leading >> 24;
}

class Rekeying {
 public:
  Rekeying(detail::RollState& roll, const ProgressFunction& progress)
      : roll_(roll), chunks_(roll, "rekey", "rekey"), pace_(progress) {}

  RekeyReport run() {
    IdRange range;
    std::vector<Person> page;
    roll_.reload_keys(chunks_.session());
    keys_ = roll_.keys();
    const std::uint64_t total = chunks_.session().counts(roll_.team.number).contacts;
    do {
      const RekeyReport before = report_;
      chunks_.whole([&](Session& session) {
        report_ = before;
        changes_.clear();
        touched_.clear();
        check_key(session);
        session.people(roll_.team.number, range, {.contact = true, .permission = true, .suppressions = true},
                       ids_in_chunk, page);
        move_all(session, page);
      });
      if (!page.empty()) range.first = next_id(page.back().id);
      if (page.size() == ids_in_chunk) pace_.tell("rekey", share_of(total, page.back().id), total);
    } while (page.size() == ids_in_chunk);
    chunks_.finish();
    chunks_.give_back();
    pace_.tell("rekey", total, total, true);
    return report_;
  }

 private:
  /// Somebody of a chunk, and where they are to go.
  struct Move {
    const Person* person = nullptr;
    ContactId id;
  };

  void check_key(Session& session) {
    roll_.reload_keys(session);
    if (roll_.keys()->signing.key.id == keys_->signing.key.id) return;
    throw Error(ErrorKind::conflict, "the hash key was changed while contacts were moved; run the rekey again",
                {{"reason", "key_changed"}});
  }

  /// The address by which a person is to be moved; nothing where they are right, or nobody can tell.
  std::optional<EmailAddress> address_of(const Person& person) {
    if (person.contact) {
      const Contact& contact = *person.contact;
      if (contact.hash_key == keys_->signing.key.id && contact.key_version == address_key_version())
        return std::nullopt;
      ++report_.looked_at;
      std::optional<EmailAddress> address = EmailAddress::parse(contact.email);
      if (!address) ++report_.unreadable;
      return address;
    }
    const auto known =
        std::ranges::find_if(person.suppressions, [](const Suppression& one) { return !one.email.empty(); });
    std::optional<EmailAddress> address;
    if (known != person.suppressions.end()) address = EmailAddress::parse(known->email);
    if (address && keys_->signing.hash(address->key()) == person.id) return std::nullopt;
    if (!address || !is_theirs(person.id, *address)) {
      ++report_.without_address;
      return std::nullopt;
    }
    ++report_.looked_at;
    return address;
  }

  /// Whether the id is that of the address beside a suppression, and not of another one that the person had. Where
  /// another Unicode version may have read the address otherwise, the doubt is for moving: a suppression must be found.
  [[nodiscard]] bool is_theirs(const ContactId& id, const EmailAddress& address) const {
    return !is_ascii(address.delivery()) || std::ranges::any_of(keys_->retired, [&](const detail::TeamHashKey& key) {
      return key.hash(address.key()) == id;
    });
  }

  void move_all(Session& session, const std::vector<Person>& page) {
    std::vector<Move> moves;
    std::vector<ContactId> ids;
    for (const Person& person : page) {
      const std::optional<EmailAddress> address = address_of(person);
      if (!address) continue;
      moves.push_back({&person, keys_->signing.hash(address->key())});
      ids.insert(ids.end(), {person.id, moves.back().id});
    }
    std::ranges::sort(ids);
    session.lock_all(roll_.team.number, ids);
    for (const Move& move : moves) this->move(session, move);
    write(session);
  }

  void move(Session& session, const Move& move) {
    const detail::NewId now{move.id, keys_->signing.key.id, address_key_version()};
    if (now.id == move.person->id) {
      // Read again: what somebody else changed before the lock stays.
      const Person person = session.person(roll_.team.number, now.id, {.contact = true});
      if (!person.contact) return;
      changes_.contacts.push_back(*person.contact);
      changes_.contacts.back().hash_key = now.hash_key;
      changes_.contacts.back().key_version = now.key_version;
      return;
    }
    // Two of one chunk may have to do with each other: the second must see what the first has done.
    std::vector<ContactId> concerned = session.find_alias(roll_.team.number, to_string(move.person->id));
    concerned.insert(concerned.end(), {move.person->id, now.id});
    if (std::ranges::any_of(concerned, [&](const ContactId& id) { return touched_.contains(id); })) write(session);
    touched_.insert(concerned.begin(), concerned.end());
    const Person from = session.person(roll_.team.number, move.person->id, Parts::all());
    const Person to = session.person(roll_.team.number, now.id, Parts::all());
    if (from.contact && to.contact) {
      ++report_.collisions;
      if (report_.collided.size() < collisions_listed) {
        report_.collided.emplace_back(to_string(from.id), to_string(to.id));
      }
      return;
    }
    detail::add_move(session, roll_.team.number, from, to, now, changes_);
    ++report_.moved;
  }

  void write(Session& session) {
    touched_.clear();
    if (changes_.empty()) return;
    chunks_.changing();
    session.write(roll_.team.number, changes_);
    if (!changes_.dropped.empty()) detail::walk_again(session, roll_.team.number);
    changes_.clear();
  }

  detail::RollState& roll_;
  detail::Chunks chunks_;
  detail::Pace pace_;
  std::shared_ptr<const detail::OpenKeys> keys_;
  RekeyReport report_;
  ChangeSet changes_;
  std::set<ContactId> touched_;  // whom changes_ are about
};

}  // namespace

RekeyReport Keys::rekey(const ProgressFunction& progress) { return Rekeying(*roll_, progress).run(); }

}  // namespace mailroll
