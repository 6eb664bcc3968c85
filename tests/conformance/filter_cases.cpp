// Filters: whatever a store says by itself, it means whom the core means.
#include "conformance/beside_reference.hpp"
#include "conformance/case.hpp"
#include "conformance/random_filters.hpp"
#include "conformance/rounds.hpp"
#include "conformance/shown.hpp"
#include "mailroll/audience/filter.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::conformance {
namespace {

constexpr int people = 150;
constexpr int filters = 300;
constexpr int changes = 3;  // of the people, in a round

/// The filter's text, where it may be shown.
std::string in_words(const Filter& filter) {
  std::string text = to_string(filter);
  return holds_an_address(text) ? "a filter about addresses" : text;
}

CandidateQuery random_query(RandomValues& random) {
  CandidateQuery query;
  if (random.chance(2)) query.topic = random.topic();
  query.limit = static_cast<std::size_t>(random.chance(3) ? random.below(12) : people);
  query.with_profile = random.chance(2);
  if (random.chance(4)) query.range = {random.contact_id(), random.contact_id()};
  if (random.chance(4)) query.after = random.contact_id();
  return query;
}

void random_filters_mean_the_people_whom_the_core_means(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    const auto reference = open_store("memory://");
    const Team team = trial.new_team();
    const TeamNumber reference_team = reference->connect()->add_team(team.id, team.name, team.created_at).number;
    BesideReference pair({reference->connect(), {reference_team}, true}, {trial.connect(), {team.number}, false});
    RandomFilters random(seed);
    for (int change = 0; change < changes; ++change) {
      const ChangeSet written = random.people(people);
      pair.same_change("write", [&](Side& side) {
        side.session->begin_write();
        side.session->write(side.teams[0], written);
        side.session->commit(Durability::bulk);
      });
      std::vector<Candidate> found[2];
      for (int n = 0; n < filters / changes; ++n) {
        const FilterQuery whom = random.query();
        const CandidateQuery query = random_query(random.random());
        pair.same(("matching, " + in_words(whom.filter)).c_str(), [&](Side& side) {
          auto& out = found[side.reference ? 0 : 1];  // used again, as callers do
          side.session->matching(side.teams[0], whom, query, out);
          return shown(out);
        });
      }
    }
  });
}

}  // namespace

std::vector<Case> filter_cases() {
  return {
      {"random_filters_mean_the_people_whom_the_core_means", {}, random_filters_mean_the_people_whom_the_core_means}};
}

}  // namespace mailroll::conformance
