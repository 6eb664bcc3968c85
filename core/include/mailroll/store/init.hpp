/// Making a store's schema, or bringing it up to date, on purpose: what is asked for, and what that amounts to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"

namespace mailroll {

/// How the tables of a store are spread over the machines of an engine that shards (PostgreSQL with the extension citus).
enum class Distribution : std::uint8_t {
  by_team,     ///< many teams: every table by its team
  by_contact,  ///< few large teams: what is about one contact by its contact, everything else whole on every machine
};

MAILROLL_EXPORT std::string_view to_string(Distribution distribution);  ///< "by-team", "by-contact"
MAILROLL_EXPORT std::optional<Distribution> parse_distribution(std::string_view word);

struct InitOptions {
  bool dry_run = false;  ///< only says what would be done: nothing is written, and no file is made
  /// The optional last step: foreign keys, where they are not there yet. Not for SQLite.
  bool foreign_keys = false;
  /// Only for a store that has no tables yet; it remembers. Nothing: as the store is.
  std::optional<Distribution> distribute;
};

/// In this order: what is in the tables is moved with them, they are spread while they have no indexes, and rows are bound to
/// each other when all is there.
enum class InitPhase : std::uint8_t { tables, distribution, indexes, views, foreign_keys };

MAILROLL_EXPORT std::string_view to_string(InitPhase phase);  ///< the word of the enumerator

/// One statement. It is of the engine, holds nobody's data, and is there to be shown.
struct InitStep {
  std::string migration;  ///< that it is of, e.g. "0002_consent"; "" where it is of none
  InitPhase phase = InitPhase::tables;
  std::string statement;
};

/// What was done, or with dry_run would be.
struct InitPlan {
  int from_version = 0;  ///< 0: there were no tables
  int to_version = 0;
  std::optional<Distribution> distribution;  ///< of the store, when all is done
  std::vector<InitStep> steps;               ///< in order; none: nothing to do
};

}  // namespace mailroll
