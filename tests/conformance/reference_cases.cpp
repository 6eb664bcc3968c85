// The memory store is the reference: random operations, through every function of the port that concerns a team, give the
// same answers on the store on trial, step by step.
#include "conformance/case.hpp"
#include "conformance/random_operations.hpp"
#include "conformance/rounds.hpp"
#include "conformance/shown.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::conformance {
namespace {

constexpr int steps = 1500;
constexpr int operations_between_openings = 25;

/// The reference and the store, with the same new teams, to take sessions of both from.
class Stores {
 public:
  explicit Stores(Trial& trial) : trial_(trial) {
    for (int number = 0; number < 3; ++number) {
      const Team team = trial.new_team();
      teams_.push_back(team.number);
      reference_teams_.push_back(reference_->connect()->add_team(team.id, team.name, team.created_at).number);
    }
  }

  [[nodiscard]] BesideReference sessions() {
    return {{reference_->connect(), reference_teams_, true}, {trial_.connect(), teams_, false}};
  }

 private:
  Trial& trial_;
  std::shared_ptr<Store> reference_ = open_store("memory://");
  std::vector<TeamNumber> teams_;
  std::vector<TeamNumber> reference_teams_;
};

void compare_teams(BesideReference& pair, const char* what) {
  for (std::size_t team = 0; team < pair.store().teams.size(); ++team) {
    pair.same(what, [&](Side& side) { return whole_team(*side.session, side.teams[team]); });
  }
}

/// Begins or ends a transaction of the writer; whether one is open afterwards.
bool turn_of_transaction(BesideReference& writer, RandomValues& random, bool open) {
  const Durability durability = random.chance(2) ? Durability::full : Durability::bulk;
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2: {
      return !is_error(writer.same_change("begin_write", [](Side& side) { side.session->begin_write(); }));
    }
    case 3: {
      if (open) break;
      return !is_error(writer.same_change("begin_read", [](Side& side) { side.session->begin_read(); }));
    }
    case 4: {
      writer.same_change("rollback", [](Side& side) { side.session->rollback(); });
      return false;
    }
    default: writer.same_change("commit", [&](Side& side) { side.session->commit(durability); });
  }
  return false;
}

void one_session_answers_every_operation_as_the_reference_does(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    Stores stores(trial);
    RandomOperations operations(seed);
    BesideReference pair = stores.sessions();
    bool open = false;
    for (int step = 0; step < steps; ++step) {
      const int turn = operations.random().below(10);
      if (turn == 0) {
        open = turn_of_transaction(pair, operations.random(), open);
      } else if (turn < 5 ? operations.read(pair) : operations.change(pair)) {
        open = false;
      }
      if (step % 50 == 49) compare_teams(pair, "all of the team");
    }
  });
}

void a_writer_and_a_reader_answer_every_operation_as_those_of_the_reference_do(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    Stores stores(trial);
    RandomOperations operations(seed);
    RandomValues& random = operations.random();
    BesideReference writer = stores.sessions();
    BesideReference reader = stores.sessions();
    bool open = false;
    for (int step = 0; step < steps; ++step) {
      switch (random.below(20)) {
        case 0:
        case 1:
        case 2: open = turn_of_transaction(writer, random, open); break;
        case 3: reader.same_change("begin_read", [](Side& side) { side.session->begin_read(); }); break;
        case 4: reader.same_change("rollback", [](Side& side) { side.session->rollback(); }); break;
        case 5:
        case 6:
        case 7: operations.read(reader); break;
        case 8:
        case 9:
        case 10:
        case 11: open = !operations.read(writer) && open; break;
        default: open = !operations.change(writer) && open;
      }
      if (step % 50 != 49) continue;
      compare_teams(writer, "all of the team, by the writer");
      compare_teams(reader, "all of the team, by the reader");
    }
  });
}

void everything_is_kept_when_the_store_is_closed_and_opened_again(Trial& trial) {
  each_round(trial, [&](std::uint64_t seed) {
    Stores stores(trial);
    RandomOperations operations(seed);
    for (int opening = 0; opening < 8; ++opening) {
      {
        BesideReference pair = stores.sessions();
        for (int step = 0; step < operations_between_openings; ++step) operations.change(pair);
      }
      trial.reopen();
      BesideReference pair = stores.sessions();
      compare_teams(pair, "all of the team, opened again");
    }
  });
}

}  // namespace

std::vector<Case> reference_cases() {
  return {
      {"one_session_answers_every_operation_as_the_reference_does",
       {},
       one_session_answers_every_operation_as_the_reference_does},
      {"a_writer_and_a_reader_answer_every_operation_as_those_of_the_reference_do",
       {Capability::several_sessions},
       a_writer_and_a_reader_answer_every_operation_as_those_of_the_reference_do},
      {"everything_is_kept_when_the_store_is_closed_and_opened_again",
       {Capability::survives_reopening},
       everything_is_kept_when_the_store_is_closed_and_opened_again},
  };
}

}  // namespace mailroll::conformance
