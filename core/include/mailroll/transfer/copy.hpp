/// Moving house: everything that one store holds into another one, of whatever engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/progress.hpp"
#include "mailroll/store/store.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// How many there are of each part of a store, all teams together.
struct CopyCounts {
  std::uint64_t teams = 0;
  std::uint64_t keys = 0;
  std::uint64_t settings = 0;
  std::uint64_t unfinished_runs = 0;  ///< copies not counted
  std::uint64_t segments = 0;
  std::uint64_t topics = 0;
  std::uint64_t properties = 0;
  std::uint64_t audience_aliases = 0;
  std::uint64_t broadcasts = 0;
  std::uint64_t people = 0;  ///< contact ids with anything under them, with or without a profile
  std::uint64_t contacts = 0;
  std::uint64_t standings = 0;  ///< that say anything
  std::uint64_t choices = 0;
  std::uint64_t memberships = 0;
  std::uint64_t events = 0;
  std::uint64_t suppressions = 0;
  std::uint64_t aliases = 0;
  std::uint64_t soft_bounces = 0;
  std::uint64_t leases = 0;
  std::uint64_t link_epochs = 0;  ///< contacts whose links were revoked
  std::uint64_t feed = 0;
  std::uint64_t outbox = 0;

  bool operator==(const CopyCounts&) const = default;
};

/// The parts by name ("teams", "keys", ...), in the order above.
MAILROLL_EXPORT std::vector<std::pair<std::string_view, std::uint64_t>> named(const CopyCounts& counts);

/// What the target of a copy was when the copy looked at it first.
enum class CopyTarget {
  empty,
  unfinished,  ///< a copy of the same source that had not ended
  complete,    ///< a copy of the same source that had ended, and is still the same
};

MAILROLL_EXPORT std::string_view to_string(CopyTarget target);  ///< "empty", "unfinished", "complete"

struct CopyOptions {
  bool dry_run = false;  ///< looks at both stores, and writes nothing into them
  ProgressFunction progress = {};
  Clock clock = system_now;
};

struct CopyReport {
  bool dry_run = false;
  CopyTarget target_was = CopyTarget::empty;
  CopyCounts counts;               ///< of the source, and unless it was a dry run of the target too
  std::uint64_t written = 0;       ///< people written now; with dry_run: who would be
  std::uint64_t keys_outside = 0;  ///< keys whose secrets the source does not keep: the target needs the same keyring
  /// BLAKE2b-256, 64 hex digits, of what the events of every person amount to (see transfer/permission_digest.hpp): equal
  /// for two stores whose teams, people and folded permission are.
  std::string digest;
};

/// Copies everything from `source`, which is only read, on one state of it, to `target`: teams, keys (secrets where the
/// store keeps them), settings, runs (unfinished ones and the last 100 finished), definitions, broadcasts, people with all
/// their parts, the feed with its positions, and what waits in the outbox. No key is needed for it.
///
/// In chunks that are transactions, under a run of kind "copy" in each team of the target, which says until the end that
/// it is incomplete. Whatever stops it (an error, cancelled, `kill -9`), the same again goes on: people who are there as
/// they are in the source are compared and left alone, whoever changed in between is written anew, whoever went goes. At
/// its end both stores are read and compared, and only then does the run finish.
///
/// Nothing that is not a copy of this source is written over. A target that is a finished copy is compared, and not
/// written to. Throws Error(
///   not_found: the source holds no team;
///   conflict: source_incomplete (the source is an unfinished copy itself), team_numbers (those of the source have gaps;
///     links name them), target_not_empty, target_in_use (somebody else writes to the target), target_differs (a finished
///     copy, and one of the two has changed since);
///   storage: copy_differs (the target does not hold what was written; the message says of which part how many; the run
///     stays unfinished), or what the stores throw;
///   cancelled).
MAILROLL_EXPORT CopyReport copy(Store& source, Store& target, const CopyOptions& options = {});

/// The same between the stores at two addresses. The target is opened, and so made where its engine does that, once the
/// source is known to hold something.
MAILROLL_EXPORT CopyReport copy(const std::string& source, const std::string& target, const CopyOptions& options = {});

}  // namespace mailroll
