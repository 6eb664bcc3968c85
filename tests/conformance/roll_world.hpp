/// Rolls for cases, each on a team of its own, with random acts and a clock that the case moves.
#pragma once

#include <string>

#include "conformance/rounds.hpp"
#include "conformance/trial.hpp"
#include "core/transfer_world.hpp"

namespace mailroll::conformance {

/// The name of a team that nobody has used. Where a store does not outlive its opening, each opening is a new store.
inline std::string unused_team(Trial& trial) {
  return trial.store().capabilities().contains(Capability::survives_reopening) ? trial.new_team().name : "default";
}

/// Runs `round(world, dice)` for each round, in a new team.
template <typename Round>
void each_world(Trial& trial, Round round) {
  each_round(trial, [&](std::uint64_t seed) {
    testing::World world(trial.url(), unused_team(trial));
    testing::Dice dice(static_cast<unsigned>(seed));
    round(world, dice);
  });
}

/// Segments and topics of the names that old audiences have; one of the topics nobody gets who has not asked for it.
inline void make_definitions(testing::World& world) {
  for (const std::string& name : testing::old_audience_names()) {
    world.roll().segments().create(name);
    world.roll().topics().create(
        {.name = name,
         .default_subscription = name == "Gamma" ? Subscription::opt_out : Subscription::opt_in,
         .visibility = Visibility::public_,
         .basis = "consent"});
  }
}

/// What check() proves of the whole store: it is the fold, nobody is there without an id of theirs.
inline void expect_consistent(testing::World& world) {
  const CheckReport report = world.roll().check();
  expect(report.cache_differs == 0, std::to_string(report.cache_differs) + " of " + std::to_string(report.people) +
                                        " people: what is stored is not the fold of their events");
  expect(report.orphans == 0, std::to_string(report.orphans) + " memberships without a profile");
  expect(report.unknown_numbers == 0, std::to_string(report.unknown_numbers) + " memberships of no segment");
  expect(report.wrong_ids == 0, std::to_string(report.wrong_ids) + " contacts under an id that is not theirs");
  expect(report.ok(), "check() finds a fault");
}

}  // namespace mailroll::conformance
