/// The memory store's log of changes: what was written and has no position yet, and what is published. A value that states
/// share in parts, as MemoryTeam.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "mailroll/store/store.hpp"
#include "memory/shared.hpp"

namespace mailroll::detail {

class MemoryChanges {
 public:
  /// Notes what a ChangeSet writes, as not published yet; of one that is about many contacts, the range of their ids.
  void note(const ChangeSet& set, std::uint64_t transaction);
  void note(const PersonChange& change, std::uint64_t transaction);

  // As in Session.
  std::size_t publish(std::size_t limit, std::uint64_t transaction);
  void read(std::int64_t after, std::size_t limit, std::vector<PersonChange>& out) const;
  std::size_t forget(std::int64_t up_to, std::size_t limit, std::uint64_t transaction);
  [[nodiscard]] ChangeBounds bounds() const { return bounds_; }

 private:
  /// Contact, kind, number.
  using Key = std::tuple<ContactId, PersonChange::Kind, std::int32_t>;
  struct Shard {
    std::map<Key, PersonChange> waiting;
    std::map<Key, std::int64_t> positions;  ///< of those published: of the last, which is the one that counts
  };
  using Batch = std::vector<PersonChange>;

  static Key key_of(const PersonChange& change) { return {change.contact, change.kind, change.number}; }
  static std::size_t shard_of(const PersonChange& change) { return change.contact.bytes[0]; }
  /// Of whoever is to be read again nothing else waits, which would be older.
  void take_back(const IdRange& range, std::uint64_t transaction);
  [[nodiscard]] bool counts(const PersonChange& change) const;
  /// Calls visit(change) for those behind a position that count, ascending, until it answers false.
  template <typename Visit>
  void walk(std::int64_t after, Visit&& visit) const;

  std::array<Shared<Shard>, 256> shards_;              // by the first byte of the id
  std::vector<std::shared_ptr<const Batch>> batches_;  // published, ascending; some do not count any more
  ChangeBounds bounds_;
};

}  // namespace mailroll::detail
