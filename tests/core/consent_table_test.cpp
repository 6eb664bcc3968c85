// The table of who may lower and raise what, cell by cell. The expectations were written from the table of the rules in
// words, and by hand: they must not be computed the way the library computes them.
#include <iterator>
#include <sstream>

#include "consent_events.hpp"

namespace mailroll::testing {
namespace {

constexpr Actor actors[] = {Actor::person, Actor::provider, Actor::operator_, Actor::api, Actor::import};

/// One row: what was said, who objects, and what an opt_in by each actor then amounts to.
struct Row {
  const char* said;       ///< "override": opt_in by an operator's written reason, the person objecting
  const char* objectors;  ///< P person, V provider, O operator, A api, I import
  const char* cells;      ///< person, provider, operator, operator with a reason, api, import
};

// in: opted in, nobody objects. ov: opted in by override, the person goes on objecting. =: already so.
// x: kept_opted_out. p: kept_pending.
constexpr Row opt_in_rows[] = {
    {"nothing", "", "in x in in in in"},   {"opt_in", "", "= = = = = ="},        {"override", "P", "in = = = = ="},
    {"opt_out", "P", "in x x ov x x"},     {"opt_out", "V", "in x in in x x"},   {"opt_out", "O", "in x in in x x"},
    {"opt_out", "A", "in x in in in x"},   {"opt_out", "I", "in x in in x x"},   {"opt_out", "PV", "in x x ov x x"},
    {"opt_out", "PO", "in x x ov x x"},    {"opt_out", "PA", "in x x ov x x"},   {"opt_out", "PI", "in x x ov x x"},
    {"opt_out", "VO", "in x in in x x"},   {"opt_out", "VA", "in x in in x x"},  {"opt_out", "VI", "in x in in x x"},
    {"opt_out", "OA", "in x in in x x"},   {"opt_out", "OI", "in x in in x x"},  {"opt_out", "AI", "in x in in x x"},
    {"opt_out", "PVO", "in x x ov x x"},   {"opt_out", "PVA", "in x x ov x x"},  {"opt_out", "PVI", "in x x ov x x"},
    {"opt_out", "POA", "in x x ov x x"},   {"opt_out", "POI", "in x x ov x x"},  {"opt_out", "PAI", "in x x ov x x"},
    {"opt_out", "VOA", "in x in in x x"},  {"opt_out", "VOI", "in x in in x x"}, {"opt_out", "VAI", "in x in in x x"},
    {"opt_out", "OAI", "in x in in x x"},  {"opt_out", "PVOA", "in x x ov x x"}, {"opt_out", "PVOI", "in x x ov x x"},
    {"opt_out", "PVAI", "in x x ov x x"},  {"opt_out", "POAI", "in x x ov x x"}, {"opt_out", "VOAI", "in x in in x x"},
    {"opt_out", "PVOAI", "in x x ov x x"}, {"pending", "", "in p p p p p"},      {"pending", "P", "in p p p p p"},
    {"pending", "A", "in p p p p p"},      {"pending", "VI", "in p p p p p"},    {"pending", "PVOAI", "in p p p p p"},
};

// The same for a topic while the person objects to everything: api and import raise nothing.
constexpr Row opt_in_rows_after_leaving_everything[] = {
    {"nothing", "", "in x in in x x"},  {"opt_in", "", "= = = = = ="},      {"override", "P", "in = = = = ="},
    {"opt_out", "P", "in x x ov x x"},  {"opt_out", "V", "in x in in x x"}, {"opt_out", "O", "in x in in x x"},
    {"opt_out", "A", "in x in in x x"}, {"opt_out", "I", "in x in in x x"}, {"opt_out", "AI", "in x in in x x"},
    {"opt_out", "PA", "in x x ov x x"}, {"pending", "", "in p p p p p"},    {"pending", "A", "in p p p p p"},
};

// pending, by person, provider, operator, api, import. ask: becomes pending, the objectors stay.
constexpr Row pending_rows[] = {
    {"nothing", "", "ask x ask ask ask"}, {"opt_in", "", "= = = = ="},     {"override", "P", "= = = = ="},
    {"opt_out", "P", "ask x x x x"},      {"opt_out", "V", "ask x x x x"}, {"opt_out", "O", "ask x x x x"},
    {"opt_out", "A", "ask x x x x"},      {"opt_out", "I", "ask x x x x"}, {"opt_out", "PVOAI", "ask x x x x"},
    {"pending", "", "= = = = ="},         {"pending", "P", "= = = = ="},   {"pending", "OA", "= = = = ="},
};

Actor actor_of(char letter) {
  switch (letter) {
    case 'P': return Actor::person;
    case 'V': return Actor::provider;
    case 'O': return Actor::operator_;
    case 'A': return Actor::api;
    default: return Actor::import;
  }
}

/// A history that ends in the row's state, told by that many acts.
Events history_of(const Row& row, TopicNumber topic, bool left_everything) {
  Events events;
  const auto add = [&](EventOf event) { events.push_back(event.when(static_cast<int>(events.size()) + 1)); };
  const std::string said = row.said;
  for (const char* letter = row.objectors; *letter != 0; ++letter) add(by(actor_of(*letter), Action::opt_out, topic));
  if (said == "opt_in") add(by(Actor::person, Action::opt_in, topic));
  if (said == "pending") add(by(Actor::person, Action::pending, topic));
  if (said == "override") add(by(Actor::operator_, Action::opt_in, topic).because("asked at the counter"));
  if (left_everything) add(by(Actor::person, Action::opt_out, everything));
  return events;
}

Objectors objectors_of(const char* letters) {
  Objectors objectors;
  for (; *letters != 0; ++letters) objectors.add(actor_of(*letters));
  return objectors;
}

std::vector<std::string> cells_of(const Row& row) {
  std::istringstream in(row.cells);
  return {std::istream_iterator<std::string>(in), {}};
}

/// Acts after the row's history, and compares the answer and the folded state with the cell.
void check_cell(const Row& row, TopicNumber topic, bool left_everything, ConsentEvent act, const std::string& cell) {
  SCOPED_TRACE(std::string(row.said) + " {" + row.objectors + "} then " + words(act) + " expects " + cell);
  const Events before = history_of(row, topic, left_everything);
  act.at = act.recorded_at = minute(50);
  const Permission was = fold(before);
  const ScopeState old = scope_of(was, topic);
  ASSERT_EQ(to_string(old.said), std::string(row.said) == "override" ? "opt_in" : row.said);
  ASSERT_EQ(old.objectors, objectors_of(row.objectors));

  const RaiseAnswer answer = answer_raise(was, act);
  const Permission now = fold(with(before, act));
  const ScopeState fresh = scope_of(now, topic);
  if (cell == "in") {
    EXPECT_EQ(answer, RaiseAnswer::raises);
    EXPECT_EQ(fresh, (ScopeState{Said::opt_in, {}, {}, false, act.id}));
  } else if (cell == "ov") {
    EXPECT_EQ(answer, RaiseAnswer::raises);
    EXPECT_EQ(fresh, (ScopeState{Said::opt_in, {Actor::person}, {}, true, act.id}));
  } else if (cell == "ask") {
    EXPECT_EQ(answer, RaiseAnswer::raises);
    EXPECT_EQ(fresh, (ScopeState{Said::pending, objectors_of(row.objectors), {}, false, act.id}));
  } else {
    const RaiseAnswer kept = cell == "x"   ? RaiseAnswer::kept_opted_out
                             : cell == "p" ? RaiseAnswer::kept_pending
                                           : RaiseAnswer::no_change;
    EXPECT_EQ(answer, kept);
    EXPECT_EQ(fresh, old);
  }
  // A scope never touches another.
  EXPECT_EQ(scope_of(now, topic == everything ? news : everything),
            scope_of(was, topic == everything ? news : everything));
}

void check_opt_ins(const Row& row, TopicNumber topic, bool left_everything) {
  const auto cells = cells_of(row);
  ASSERT_EQ(cells.size(), 6U);
  const auto opt_in = [&](Actor actor) { return by(actor, Action::opt_in, topic); };
  check_cell(row, topic, left_everything, opt_in(Actor::person), cells[0]);
  check_cell(row, topic, left_everything, opt_in(Actor::person).through(Channel::confirm), cells[0]);
  check_cell(row, topic, left_everything, opt_in(Actor::provider), cells[1]);
  check_cell(row, topic, left_everything, opt_in(Actor::operator_), cells[2]);
  check_cell(row, topic, left_everything, opt_in(Actor::operator_).because("a signed letter"), cells[3]);
  check_cell(row, topic, left_everything, opt_in(Actor::api), cells[4]);
  check_cell(row, topic, left_everything, opt_in(Actor::import), cells[5]);
  // A reason is an override only in the hands of staff.
  check_cell(row, topic, left_everything, opt_in(Actor::provider).because("please"), cells[1]);
  check_cell(row, topic, left_everything, opt_in(Actor::api).because("please"), cells[4]);
  check_cell(row, topic, left_everything, opt_in(Actor::import).because("please"), cells[5]);
}

TEST(ConsentTable, every_opt_in_of_a_topic_is_as_the_table_says) {
  for (const Row& row : opt_in_rows) check_opt_ins(row, news, false);
}

TEST(ConsentTable, every_opt_in_of_everything_is_as_the_table_says) {
  for (const Row& row : opt_in_rows) check_opt_ins(row, everything, false);
}

TEST(ConsentTable, api_and_import_raise_no_topic_while_the_person_objects_to_everything) {
  for (const Row& row : opt_in_rows_after_leaving_everything) check_opt_ins(row, news, true);
}

TEST(ConsentTable, asking_for_confirmation_lifts_no_opt_out_but_the_persons_own) {
  for (const Row& row : pending_rows) {
    const auto cells = cells_of(row);
    ASSERT_EQ(cells.size(), std::size(actors));
    for (TopicNumber topic : {news, everything}) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        check_cell(row, topic, false, by(actors[i], Action::pending, topic), cells[i]);
        check_cell(row, topic, false, by(actors[i], Action::pending, topic).because("please"), cells[i]);
      }
    }
  }
}

TEST(ConsentTable, anybody_lowers_anything_and_is_remembered_as_an_objector) {
  for (const Row& row : opt_in_rows) {
    for (TopicNumber topic : {news, everything}) {
      for (Actor actor : actors) {
        SCOPED_TRACE(std::string(row.said) + " {" + row.objectors + "} lowered by " + std::string(to_string(actor)));
        const ConsentEvent act = by(actor, Action::opt_out, topic).when(50);
        const ScopeState state = scope_of(fold(with(history_of(row, topic, false), act)), topic);
        Objectors expected = objectors_of(row.objectors);
        expected.add(actor);
        EXPECT_EQ(state.said, Said::opt_out);
        EXPECT_EQ(state.objectors, expected);
        EXPECT_FALSE(state.by_override);
        EXPECT_FALSE(state.valid_until);
      }
    }
  }
}

TEST(ConsentTable, a_removal_ends_each_opt_in_and_keeps_each_opt_out) {
  for (const Row& row : opt_in_rows) {
    for (Action action : {Action::removed, Action::erased}) {
      for (TopicNumber topic : {news, everything}) {
        SCOPED_TRACE(std::string(row.said) + " {" + row.objectors + "} then " + std::string(to_string(action)));
        const Events before = history_of(row, topic, false);
        const ConsentEvent act = by(Actor::operator_, action).when(50);
        const ScopeState state = scope_of(fold(with(before, act)), topic);
        const std::string said = row.said;
        if (said == "opt_out") {
          EXPECT_EQ(state, scope_of(fold(before), topic));
        } else if (said != "nothing" && *row.objectors != 0 && said != "opt_in") {
          EXPECT_EQ(state, (ScopeState{Said::opt_out, objectors_of(row.objectors), {}, false, act.id}));
        } else {
          EXPECT_EQ(state, ScopeState{});
        }
      }
    }
  }
}

}  // namespace
}  // namespace mailroll::testing
