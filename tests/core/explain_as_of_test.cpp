// Explain as of a time: what held then, whatever was said since.
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string_view>
#include <tuple>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* people[] = {"ada@example.com", "bob@example.com", "cleo@example.com"};

class AsOf : public EachStore {};

/// Some act of somebody, on purpose also many that are refused or change nothing.
class Acts {
 public:
  Acts(Roll& roll, const TemporaryFolder& folder, unsigned seed) : roll_(roll), folder_(folder), engine_(seed) {}

  int below(int n) { return std::uniform_int_distribution(0, n - 1)(engine_); }
  const char* somebody() { return people[below(std::size(people))]; }
  TopicRef topic() { return below(2) == 0 ? TopicRef("News") : TopicRef("Offers"); }
  Scope scope() { return below(3) == 0 ? Scope(everything) : Scope(topic()); }
  SuppressionReason reason() { return static_cast<SuppressionReason>(1 + below(3)); }

  /// Its name and what came of it.
  std::string act(Time now) {
    const int which = below(13);
    return std::to_string(which) + " " + outcome_of([&] { act(which, now); });
  }

 private:
  void act(int which, Time now) {
    PermissionOptions options;
    if (below(4) == 0) options.at = now + std::chrono::hours(below(60) - 50);
    switch (which) {
      case 0:
      case 1:
        if (below(2) == 0) {
          options.by = Actor::person;
          options.evidence.note = "phoned";
        }
        roll_.unsubscribe(somebody(), scope(), options);
        return;
      case 2:
      case 3:
        if (below(2) == 0) options.override_reason = "in writing";
        roll_.resubscribe(somebody(), scope(), options);
        return;
      case 4:
      case 5:
        if (below(2) == 0) options.valid_until = now + std::chrono::hours(1 + below(30));
        roll_.subscribe(somebody(), topic(), options);
        return;
      case 6: roll_.suppressions().add(somebody(), reason()); return;
      case 7: roll_.suppressions().remove(somebody(), {}, "why not"); return;
      case 8: (void)roll_.suppressions().record_bounce(somebody(), BounceKind::soft, options.at); return;
      case 9: import(); return;
      case 10: roll_.contacts().remove(somebody()); return;
      case 11:
        // Seldom: whoever is erased says nothing more.
        if (below(8) == 0) (void)roll_.contacts().erase(somebody(), "asked to");
        return;
      default: roll_.contacts().add({.email = somebody()}); return;
    }
  }

  void import() {
    const std::string row = somebody();
    const char* left[] = {"false", "true", "false"};
    const std::string file = folder_.write("in.csv", "email,unsubscribed\n" + row + "," + left[below(3)] + "\n");
    ImportOptions options;
    if (below(2) == 0) options.topics.push_back(below(2) == 0 ? "News" : "Offers");
    roll_.contacts().import_file(file, options).apply();
  }

  Roll& roll_;
  const TemporaryFolder& folder_;
  std::mt19937 engine_;
};

/// What a verdict says but for the profile, which is always today's.
using Said = std::tuple<bool, Reason, std::optional<EventId>>;
Said said(const Verdict& verdict) {
  return {verdict.receives, verdict.reason, verdict.event ? std::optional(verdict.event->id) : std::nullopt};
}

TEST_P(AsOf, the_verdict_as_of_a_time_is_the_one_that_was_given_then) {
  std::map<Reason, int> seen;
  std::map<std::string, int> outcomes;
  for (unsigned seed = 0; seed < 12; ++seed) {
    const std::string store = GetParam() == "memory" ? url() : url() + std::to_string(seed);
    Roll roll = mailroll::open(store, {.actor = Actor::operator_, .clock = [this] { return now(); }});
    roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    roll.topics().create({.name = "Offers", .default_subscription = Subscription::opt_out});
    for (const char* email : people) roll.contacts().add({.email = email});
    Acts acts(roll, folder(), seed);
    struct Recorded {
      Time at;
      std::string email;
      std::optional<std::string> topic;  // nothing: transactional
      Said live;
    };
    std::vector<Recorded> recorded;
    std::string trace;
    for (int step = 0; step < 40; ++step) {
      pass(std::chrono::hours(acts.below(20)) + 1ms);
      trace += acts.act(now()) + "\n";
      pass(1us);
      for (const char* email : people) {
        for (const char* topic : {"News", "Offers"}) {
          recorded.push_back({now(), email, topic, said(roll.explain(email, topic))});
        }
        recorded.push_back({now(), email, {}, said(roll.explain_transactional(email))});
      }
    }
    // The profile is today's.
    pass(1s);
    std::set<std::string> gone;
    for (const char* email : people) {
      if (outcome_of([&] { roll.contacts().add({.email = email}); }) != "done") gone.insert(email);
    }
    for (const Recorded& then : recorded) {
      const Verdict verdict = then.topic ? roll.explain(then.email, *then.topic, {}, then.at)
                                         : roll.explain_transactional(then.email, then.at);
      ASSERT_EQ(verdict.as_of, then.at);
      if (verdict.event) {
        ASSERT_LE(verdict.event->recorded_at, then.at) << "an event of later is no answer";
      }
      ++seen[std::get<Reason>(then.live)];
      if (std::get<Reason>(then.live) == Reason::not_found) continue;
      if (gone.contains(then.email) && verdict.reason == Reason::not_found) continue;  // erased: no profile today
      ASSERT_EQ(said(verdict), then.live) << "seed " << seed << " as of " << format_time(then.at) << "\n" << trace;
    }
  }
  for (const Reason reason :
       {Reason::erased, Reason::suppressed_complaint, Reason::suppressed_bounce, Reason::suppressed_manual,
        Reason::transactional, Reason::unsubscribed, Reason::topic_opted_out, Reason::consent_expired,
        Reason::topic_opted_in, Reason::topic_default_opt_in, Reason::topic_default_opt_out, Reason::not_found}) {
    EXPECT_GT(seen[reason], 20) << to_string(reason);
  }
}

TEST_P(AsOf, an_act_that_was_recorded_later_is_not_known_before_whenever_it_happened) {
  Roll roll = open_as(Actor::operator_);
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com"});
  const Time monday = now();
  pass(48h);
  roll.unsubscribe("ada@example.com", "News", {.at = monday});
  EXPECT_TRUE(roll.explain("ada@example.com", "News", {}, now() - 1us).receives) << "nobody knew of it";
  EXPECT_EQ(roll.explain("ada@example.com", "News", {}, now()).reason, Reason::topic_opted_out)
      << "at that microsecond";
}

TEST_P(AsOf, of_whoever_is_no_contact_today_it_says_not_found_and_no_event_of_later) {
  Roll roll = open_as(Actor::operator_);
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.contacts().add({.email = "ada@example.com"});
  const Time then = now();
  pass(1h);
  roll.contacts().remove("ada@example.com");
  const Verdict before = roll.explain("ada@example.com", "News", {}, then);
  EXPECT_EQ(before.reason, Reason::not_found) << "the profile is today's";
  EXPECT_FALSE(before.event) << "the removal was not recorded yet";
  EXPECT_EQ(roll.explain("ada@example.com", "News", {}, now()).event->action, Action::removed);
}

TEST_P(AsOf, a_time_to_come_asks_what_will_hold_if_nothing_else_is_said) {
  Roll roll = open_as(Actor::operator_);
  roll.topics().create({.name = "News"});
  roll.subscribe("ada@example.com", "News", {.valid_until = now() + 24h});
  EXPECT_TRUE(roll.explain("ada@example.com", "News", {}, now() + 23h).receives);
  EXPECT_EQ(roll.explain("ada@example.com", "News", {}, now() + 24h).reason, Reason::consent_expired);
}

TEST_P(AsOf, the_segment_is_asked_as_it_is_today) {
  Roll roll = open_as(Actor::operator_);
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Segment vip = roll.segments().create("VIP");
  roll.contacts().add({.email = "ada@example.com"});
  const Time then = now();
  EXPECT_EQ(roll.explain("ada@example.com", "News", vip).reason, Reason::not_in_segment);
  pass(1h);
  roll.segments().add(vip, {"ada@example.com"});
  EXPECT_TRUE(roll.explain("ada@example.com", "News", vip, then).receives);
}

INSTANTIATE_TEST_SUITE_P(stores, AsOf, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
