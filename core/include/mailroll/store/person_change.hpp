/// What changed about people, for those who keep an answer over many of them up to date (snapshots, materialised segments).
///
/// The log holds the last change of each (contact, kind, number) and no history: a later change takes the place of an earlier
/// one and gets a later position. So each row says by itself what holds, and rows may be read in any order between cursors.
#pragma once

#include <cstdint>

#include "mailroll/consent/standing.hpp"
#include "mailroll/ids.hpp"

namespace mailroll {

struct PersonChange {
  enum class Kind : std::uint8_t {
    read_again = 1,  ///< everything of the ids from `contact` to `last`: a load, or somebody who was erased or merged
    profile = 2,     ///< was made or changed (`present`), or is gone
    standing = 3,
    choice = 4,      ///< of topic `number`
    membership = 5,  ///< of segment `number`: in it (`present`) or out of it
  };
  std::int64_t position = 0;  ///< from 1, ascending in the order in which changes were published
  ContactId contact;
  Kind kind = Kind::read_again;
  std::int32_t number = 0;
  bool present = true;
  ContactId last;     ///< of read_again; inclusive
  Standing standing;  ///< of standing: what decide() reads, as in Candidate
  ScopeState choice;  ///< of choice: what decide() reads; ScopeState{}: there is none any more

  bool operator==(const PersonChange&) const = default;
};

/// Which positions there are.
struct ChangeBounds {
  std::int64_t forgotten = 0;  ///< up to here changes are no longer kept: who stands before it reads everything again
  std::int64_t newest = 0;     ///< of the last change that is published; 0: none yet

  bool operator==(const ChangeBounds&) const = default;
};

}  // namespace mailroll
