// Whatever happened before: a link raises nothing but what was shown and ticked, and leaving works at any time.
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "page_world.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class RandomPages : public PageWorld {
 protected:
  RandomPages() : PageWorld(Actor::operator_) { all = topics(); }

  int below(int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); }
  bool chance(int one_in) { return below(one_in) == 0; }
  Scope scope() { return chance(3) ? Scope(everything) : Scope(all[static_cast<std::size_t>(below(4))]); }

  /// What the choices alone say, leaving aside what holds for everything.
  std::map<std::string, bool> chosen() {
    const Permission now = fold(roll.events().list(ada));
    std::map<std::string, bool> wanted;
    for (const Topic& topic : all) {
      const Said said = now.choice(topic.number).said;
      const bool by_default = topic.default_subscription == Subscription::opt_in;
      wanted[topic.name] = said == Said::opt_in || (said == Said::nothing && by_default);
    }
    return wanted;
  }

  std::map<std::string, bool> received() {
    std::map<std::string, bool> got;
    for (const Topic& topic : all) got[topic.name] = gets(ada, topic);
    return got;
  }

  /// Something that anybody but the person does; refusals are answers.
  void somebody_acts() {
    static_cast<void>(outcome_of([&] {
      switch (below(8)) {
        case 0: roll.contacts().add({.email = ada}); break;
        case 1: roll.contacts().remove(ada); break;
        case 2: roll.unsubscribe(ada, scope()); break;
        case 3: roll.resubscribe(ada, scope(), {.override_reason = chance(3) ? "asked on the phone" : ""}); break;
        case 4: roll.subscribe(ada, all[static_cast<std::size_t>(below(4))]); break;
        case 5: confirmations.push_back(roll.subscribe_to_confirm(ada, scope()).token); break;
        case 6: roll.unsubscribe(ada, scope(), {.by = Actor::person, .evidence = {.note = "phoned"}}); break;
        default: pass(std::chrono::hours(below(24 * 20))); break;
      }
    }));
    pass(std::chrono::seconds(1 + below(600)));
  }

  /// Whether an undo brought the topic back as it was: by its own choice, or by what held for everything.
  static bool raised_by(const ActResult& undo, const Topic& topic, const std::map<std::string, bool>& chosen,
                        bool unsubscribed) {
    return std::any_of(undo.events.begin(), undo.events.end(), [&](const ConsentEvent& event) {
      if (event.action != Action::opt_in) return false;
      return event.topic == everything_scope ? !unsubscribed : event.topic == topic.number && chosen.at(topic.name);
    });
  }

  std::vector<Topic> some() {
    std::vector<Topic> chosen;
    for (const Topic& topic : all) {
      if (chance(2)) chosen.push_back(topic);
    }
    return chosen;
  }

  std::string ada;
  std::mt19937_64 random;
  std::vector<Topic> all;
  std::vector<std::string> confirmations;
};
INSTANTIATE_TEST_SUITE_P(, RandomPages, ::testing::Values("memory", "sqlite"), store_of);

TEST_P(RandomPages, no_act_through_a_leave_link_raises_more_than_was_shown_and_ticked) {
  const int histories = GetParam() == "memory" ? 400 : 40;
  int raised = 0, refused = 0, undone = 0;
  for (int history = 0; history < histories; ++history) {
    random.seed(static_cast<std::uint64_t>(history));
    SCOPED_TRACE(history);
    ada = "ada" + std::to_string(history) + "@example.com";
    struct Undoable {
      std::string token;
      std::map<std::string, bool> chosen;
      bool unsubscribed;
    };
    std::vector<std::string> links;
    std::optional<Undoable> undoable;
    for (int step = 0; step < 25; ++step) {
      if (links.empty() || chance(6)) links.push_back(leave_token(ada, scope()));
      if (!chance(3)) {
        somebody_acts();
        continue;
      }
      const std::string link = links[static_cast<std::size_t>(below(static_cast<int>(links.size())))];
      const Preferences page = roll.preferences(link);
      const auto before = received(), chosen_before = chosen();
      const std::size_t events = roll.events().list(ada).size();
      const std::vector<Topic> shown = some(), on = some();
      const int kind = below(5);
      FormFields body = one_click;
      if (kind == 1) body = save_form(shown, on);
      if (kind == 2) body = action("come_back");
      if (kind == 3) body = action("all");
      if (kind == 4 && undoable) body = {{"action", "undo"}, {"undo", undoable->token}};
      const bool undoing = kind == 4 && undoable;
      std::string outcome = "done";
      std::optional<ActResult> result;
      outcome = outcome_of([&] { result = roll.act(link, body); });
      const auto after = received();
      refused += outcome != "done";
      if (!result) {
        EXPECT_TRUE(outcome == "refused:not_fresh" || outcome == "refused:undo_expired") << outcome;
        EXPECT_EQ(roll.events().list(ada).size(), events) << "a refusal writes nothing";
        EXPECT_EQ(after, before);
        continue;
      }
      for (const Topic& topic : all) {
        if (before.at(topic.name) || !after.at(topic.name)) continue;
        ++raised;
        const auto among = [&](const std::vector<Topic>& list) {
          return std::any_of(list.begin(), list.end(), [&](const Topic& one) { return one.id == topic.id; });
        };
        if (undoing) {
          ++undone;
          EXPECT_TRUE(raised_by(*result, topic, undoable->chosen, undoable->unsubscribed)) << topic.name;
        } else if (kind == 2) {
          EXPECT_TRUE(page.may_raise && page.unsubscribed);
        } else {
          EXPECT_EQ(kind, 1);
          EXPECT_TRUE(page.may_raise && among(shown) && among(on)) << topic.name;
          EXPECT_TRUE(std::any_of(page.topics.begin(), page.topics.end(),
                                  [&](const ShownTopic& one) { return one.topic.id == topic.id && !one.waiting; }))
              << topic.name << " did not stand on the page";
        }
      }
      for (const ConsentEvent& event : result->events) {
        EXPECT_EQ(event.actor, Actor::person);
        EXPECT_TRUE(kind != 1 || event.topic != everything_scope) << "saving never touches everything";
      }
      if (kind == 0 || kind == 3) {
        EXPECT_TRUE(result->outcome == ActOutcome::left || result->outcome == ActOutcome::left_all);
        const bool whole = kind == 3 || !page.topic;
        for (const Topic& topic : all) {
          EXPECT_FALSE((whole || topic.id == page.topic->id) && after.at(topic.name)) << topic.name;
        }
      }
      // Repeating is harmless.
      if (kind != 4) {
        const ActResult again = roll.act(link, body);
        EXPECT_TRUE(again.events.empty());
        EXPECT_EQ(again.outcome, result->outcome);
      }
      if (result->preferences.undo) undoable = Undoable{*result->preferences.undo, chosen_before, page.unsubscribed};
    }
    for (const std::string& token : confirmations) {
      static_cast<void>(outcome_of([&] {
        const ActResult confirmed = roll.act(token, action("confirm"));
        EXPECT_EQ(confirmed.outcome, ActOutcome::confirmed);
      }));
    }
    confirmations.clear();
  }
  EXPECT_TRUE(roll.check().ok());
  EXPECT_GT(raised, histories / 10) << "the random acts must raise now and then";
  EXPECT_GT(refused, histories / 10);
  EXPECT_GT(undone, histories / 100);
}

}  // namespace
