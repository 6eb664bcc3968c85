// Another address, and two contacts made one: nobody gains mail by it, nobody's opt-out is lost, and it can be told again.
#include <algorithm>
#include <map>
#include <set>

#include "each_store.hpp"
#include "old_audiences.hpp"

namespace mailroll::testing {
namespace {

class ContactsMerge : public EachStore {
 protected:
  ContactsMerge() {
    news_ = roll_.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    offers_ = roll_.topics().create({.name = "Offers", .default_subscription = Subscription::opt_out});
    roll_.properties().define("plan", PropertyType::string);
    roll_.properties().define("seats", PropertyType::number);
  }
  void TearDown() override { EXPECT_TRUE(roll_.check().ok()) << "the cache is the fold of the events"; }

  Reason reason(const Who& who, const TopicRef& topic) { return roll_.explain(who, topic).reason; }
  void tell(const Who& who, const Scope& scope) {
    roll_.unsubscribe(who, scope, {.by = Actor::person, .evidence = {.note = "phoned"}});
  }

  Roll roll_ = open_as(Actor::operator_);
  Topic news_;
  Topic offers_;
};

using ChangeAddress = ContactsMerge;

TEST_P(ChangeAddress, everything_goes_along_and_the_old_id_leads_to_the_new_one) {
  roll_.segments().create("VIP");
  const Contact before = roll_.contacts().add({.email = "ada@example.com",
                                               .first_name = "Ada",
                                               .last_name = "Lovelace",
                                               .properties = {{"plan", "pro"}},
                                               .segments = {"VIP"}});
  roll_.subscribe("ada@example.com", offers_);
  tell("ada@example.com", news_);
  const std::size_t said = roll_.events().list("ada@example.com").size();
  pass(std::chrono::hours(1));
  const Contact after = roll_.contacts().change_address("ada@example.com", "ada@example.org");
  EXPECT_NE(after.id, before.id);
  EXPECT_EQ(after.email, "ada@example.org");
  EXPECT_EQ(after.first_name, "Ada");
  EXPECT_EQ(after.last_name, "Lovelace");
  EXPECT_EQ(after.properties, before.properties);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(after.updated_at, now());
  EXPECT_EQ(roll_.contacts().get("ada@example.org"), after);
  EXPECT_EQ(roll_.contacts().get(before.id), after) << "the old id leads to it";
  EXPECT_EQ(roll_.contacts().show("ada@example.org").segments.size(), 1U);
  EXPECT_EQ(roll_.segments().count("VIP"), 1U);
  EXPECT_EQ(reason("ada@example.org", offers_), Reason::topic_opted_in);
  EXPECT_EQ(reason("ada@example.org", news_), Reason::topic_opted_out);
  EXPECT_EQ(roll_.events().list("ada@example.org").size(), said) << "what was said, and no more";
  EXPECT_EQ(roll_.usage().global, 1U);
  EXPECT_FALSE(roll_.contacts().find("ada@example.com"));
}

TEST_P(ChangeAddress, the_old_address_typed_again_finds_the_opt_outs) {
  roll_.contacts().add({.email = "ada@example.com"});
  roll_.subscribe("ada@example.com", offers_);
  tell("ada@example.com", news_);
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  roll_.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_opted_out);
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_default_opt_out) << "consent went with the person";
  EXPECT_EQ(roll_.usage().global, 2U);
}

TEST_P(ChangeAddress, an_opt_out_by_the_old_address_opts_out_the_new_one_and_the_old) {
  roll_.contacts().add({.email = "ada@example.com"});
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  roll_.contacts().change_address("ada@example.org", "ada@example.net");
  tell("ada@example.com", news_);
  EXPECT_EQ(reason("ada@example.net", news_), Reason::topic_opted_out);
  roll_.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_opted_out);
  tell("ada@example.com", everything);
  EXPECT_EQ(roll_.explain("ada@example.net", no_topic).reason, Reason::subscribed)
      << "who has a profile under it again is somebody by themselves";
}

TEST_P(ChangeAddress, an_opt_out_from_everything_goes_along) {
  roll_.contacts().add({.email = "ada@example.com"});
  tell("ada@example.com", everything);
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  EXPECT_EQ(reason("ada@example.org", news_), Reason::unsubscribed);
  EXPECT_EQ(roll_.explain("ada@example.com", no_topic).reason, Reason::not_found);
  roll_.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(reason("ada@example.com", news_), Reason::unsubscribed);
}

TEST_P(ChangeAddress, bounces_stay_with_the_address_and_complaints_go_along) {
  for (const char* name : {"ada", "bob"}) roll_.contacts().add({.email = std::string(name) + "@example.com"});
  roll_.suppressions().add("ada@example.com", SuppressionReason::bounce);
  roll_.suppressions().add("bob@example.com", SuppressionReason::complaint);
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  roll_.contacts().change_address("bob@example.com", "bob@example.org");
  EXPECT_EQ(reason("ada@example.org", news_), Reason::topic_default_opt_in);
  EXPECT_EQ(reason("ada@example.com", news_), Reason::suppressed_bounce);
  EXPECT_EQ(reason("bob@example.org", news_), Reason::suppressed_complaint);
  EXPECT_EQ(reason("bob@example.com", news_), Reason::suppressed_complaint);
  std::set<std::string> listed;
  for (const Suppression& suppression : roll_.suppressions().list({}, 10)) listed.insert(suppression.email);
  EXPECT_EQ(listed, (std::set<std::string>{"ada@example.com", "bob@example.com", "bob@example.org"}));
}

TEST_P(ChangeAddress, what_was_said_under_the_new_address_before_still_holds) {
  roll_.contacts().add({.email = "ada@example.com"});
  roll_.subscribe("ada@example.com", news_);
  tell("ada@example.org", everything);
  pass(std::chrono::hours(1));
  roll_.subscribe("ada@example.com", offers_);
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  EXPECT_EQ(reason("ada@example.org", news_), Reason::unsubscribed);
  EXPECT_EQ(reason("ada@example.org", offers_), Reason::unsubscribed);
}

TEST_P(ChangeAddress, there_and_back_again_is_as_before) {
  const Contact first = roll_.contacts().add({.email = "ada@example.com"});
  roll_.subscribe("ada@example.com", offers_, {.evidence = {.form = "footer"}});
  tell("ada@example.com", news_);
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  pass(std::chrono::hours(1));
  const Contact back = roll_.contacts().change_address("ada@example.org", "ada@example.com");
  EXPECT_EQ(back.id, first.id);
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_opted_in);
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_opted_out);
  EXPECT_EQ(roll_.contacts().get("ada@example.com").id, first.id);
  const Verdict verdict = roll_.explain("ada@example.com", offers_);
  ASSERT_TRUE(verdict.event);
  EXPECT_EQ(verdict.event->evidence.form, "footer") << "the proof is still there";
  EXPECT_EQ(roll_.usage().global, 1U);
  EXPECT_EQ(roll_.contacts().revoke_links("ada@example.com"), 2) << "coming back had revoked the links from before";
}

TEST_P(ChangeAddress, another_spelling_of_the_same_address_is_the_same_contact) {
  const Contact before = roll_.contacts().add({.email = "Ada@example.com"});
  const Contact after = roll_.contacts().change_address(before, "ada@EXAMPLE.com");
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.email, "ada@example.com");
  EXPECT_EQ(roll_.events().list("ada@example.com").size(), 0U);
}

TEST_P(ChangeAddress, it_is_refused_where_it_would_join_or_revive_somebody) {
  const Contact taken = roll_.contacts().add({.email = "taken@example.com"});
  roll_.contacts().add({.email = "ada@example.com"});
  roll_.contacts().erase("gone@example.com");
  const auto to = [&](const char* who, const char* address) {
    return outcome_of([&] { roll_.contacts().change_address(who, address); });
  };
  EXPECT_EQ(to("ada@example.com", "Taken@example.com"), "conflict:address_taken");
  EXPECT_EQ(to("ada@example.com", "gone@example.com"), "refused:suppressed_erased");
  EXPECT_EQ(to("gone@example.com", "new@example.com"), "refused:suppressed_erased");
  EXPECT_EQ(to("nobody@example.com", "new@example.com"), "not_found:contact_not_found");
  EXPECT_EQ(to("ada@example.com", "no address"), "invalid:address_syntax");
  EXPECT_EQ(roll_.usage().global, 2U) << "and nothing has changed";
  EXPECT_FALSE(roll_.contacts().find("new@example.com"));
}

TEST_P(ContactsMerge, one_contact_has_what_both_had) {
  roll_.segments().create("A");
  roll_.segments().create("B");
  roll_.contacts().add({.email = "ada@example.com", .properties = {{"plan", "pro"}}, .segments = {"A"}});
  pass(std::chrono::hours(1));
  const Contact other = roll_.contacts().add({.email = "ada@work.example",
                                              .first_name = "Ada",
                                              .last_name = "Lovelace",
                                              .properties = {{"plan", "free"}, {"seats", 3.0}},
                                              .segments = {"A", "B"}});
  roll_.subscribe("ada@work.example", offers_);
  pass(std::chrono::hours(1));
  const Contact kept = roll_.contacts().merge("ada@example.com", "ada@work.example");
  EXPECT_EQ(kept.email, "ada@example.com");
  EXPECT_EQ(kept.first_name, "Ada");
  EXPECT_EQ(kept.last_name, "Lovelace");
  EXPECT_EQ(kept.properties.values(), (std::map<std::string, PropertyValue>{{"plan", "pro"}, {"seats", 3.0}}));
  EXPECT_EQ(kept.updated_at, now());
  EXPECT_EQ(roll_.contacts().show(kept).segments.size(), 2U);
  EXPECT_EQ(reason(kept, offers_), Reason::topic_opted_in);
  EXPECT_EQ(roll_.contacts().get(other.id), kept) << "the other's id leads to it";
  const Contact newest = roll_.contacts().add({.email = "ada@newest.example"});
  EXPECT_EQ(roll_.contacts().merge(newest, kept).created_at, kept.created_at) << "the earlier of the two";
  EXPECT_FALSE(roll_.contacts().find("ada@work.example"));
  EXPECT_EQ(roll_.usage().global, 1U);
  EXPECT_EQ(roll_.segments().count("A"), 1U);
}

TEST_P(ContactsMerge, names_are_taken_as_a_pair_or_not_at_all) {
  roll_.contacts().add({.email = "ada@example.com", .first_name = "Ada"});
  roll_.contacts().add({.email = "ada@work.example", .first_name = "A.", .last_name = "Byron"});
  const Contact kept = roll_.contacts().merge("ada@example.com", "ada@work.example");
  EXPECT_EQ(kept.first_name, "Ada");
  EXPECT_EQ(kept.last_name, "");
}

TEST_P(ContactsMerge, an_opt_out_of_either_is_the_persons_and_holds_for_both) {
  for (const bool keeps_who_left : {true, false}) {
    const std::string tag = keeps_who_left ? "1" : "2";
    const std::string left = "left" + tag + "@example.com";
    const std::string stayed = "stayed" + tag + "@example.com";
    for (const std::string& email : {left, stayed}) roll_.contacts().add({.email = email});
    roll_.unsubscribe(left, news_);  // by staff
    pass(std::chrono::hours(1));
    roll_.subscribe(stayed, news_);
    const std::string& kept = keeps_who_left ? left : stayed;
    roll_.contacts().merge(kept, keeps_who_left ? stayed : left);
    EXPECT_EQ(reason(kept, news_), Reason::topic_opted_out);
    const ConsentEvent last = roll_.events().list(kept).back();
    EXPECT_EQ(last.action, Action::opt_out);
    EXPECT_EQ(last.actor, Actor::person);
    EXPECT_EQ(last.channel, Channel::merge);
    EXPECT_EQ(outcome_of([&] { roll_.resubscribe(kept, news_); }), "refused:person_opted_out");
  }
}

TEST_P(ContactsMerge, a_complaint_or_bounce_of_either_suppresses_the_one) {
  for (const char* email : {"a@example.com", "b@example.com", "c@example.com"}) roll_.contacts().add({.email = email});
  roll_.subscribe("a@example.com", offers_);
  roll_.suppressions().add("b@example.com", SuppressionReason::bounce);
  roll_.contacts().merge("a@example.com", "b@example.com");
  EXPECT_EQ(reason("a@example.com", offers_), Reason::suppressed_bounce);
  EXPECT_EQ(roll_.contacts().show("a@example.com").topics[1].choice, Said::opt_in) << "consent is unchanged";
  roll_.suppressions().remove("a@example.com", SuppressionReason::bounce);
  EXPECT_EQ(reason("a@example.com", offers_), Reason::topic_opted_in);
  roll_.suppressions().add("c@example.com", SuppressionReason::complaint);
  roll_.contacts().merge("a@example.com", "c@example.com");
  EXPECT_EQ(reason("a@example.com", offers_), Reason::suppressed_complaint);
}

TEST_P(ContactsMerge, whoever_was_erased_is_not_merged_back_to_life) {
  roll_.contacts().add({.email = "a@example.com", .first_name = "Ada"});
  roll_.contacts().add({.email = "b@example.com"});
  roll_.contacts().erase("b@example.com");
  const auto merge = [&](const char* keep, const char* other) {
    return outcome_of([&] { roll_.contacts().merge(keep, other); });
  };
  EXPECT_EQ(merge("a@example.com", "b@example.com"), "refused:suppressed_erased");
  EXPECT_EQ(merge("b@example.com", "a@example.com"), "refused:suppressed_erased");
  EXPECT_EQ(merge("a@example.com", "nobody@example.com"), "not_found:contact_not_found");
  EXPECT_EQ(merge("nobody@example.com", "a@example.com"), "not_found:contact_not_found");
  EXPECT_EQ(reason("b@example.com", news_), Reason::erased);
  EXPECT_EQ(roll_.contacts().get("a@example.com").first_name, "Ada");
}

TEST_P(ContactsMerge, merging_again_changes_nothing_and_takes_over_what_was_said_since) {
  roll_.contacts().add({.email = "a@example.com"});
  const Contact other = roll_.contacts().add({.email = "b@example.com"});
  roll_.subscribe("a@example.com", offers_);
  roll_.unsubscribe("b@example.com", news_);
  const Contact kept = roll_.contacts().merge("a@example.com", "b@example.com");
  const auto events = roll_.events().list("a@example.com");
  pass(std::chrono::hours(1));
  EXPECT_EQ(roll_.contacts().merge("a@example.com", "b@example.com"), kept);
  EXPECT_EQ(roll_.contacts().merge("a@example.com", other.id), kept);
  EXPECT_EQ(roll_.contacts().merge("a@example.com", "a@example.com"), kept);
  EXPECT_EQ(roll_.events().list("a@example.com"), events);
  EXPECT_EQ(reason("a@example.com", offers_), Reason::topic_opted_in);

  tell("b@example.com", offers_);  // an old mail's reader writes in
  roll_.contacts().merge("a@example.com", "b@example.com");
  EXPECT_EQ(reason("a@example.com", offers_), Reason::topic_opted_out);
}

TEST_P(ContactsMerge, ids_from_before_a_migration_and_from_earlier_addresses_all_lead_to_the_one) {
  folder().write("old/A.csv", "email,id\nada@example.com,old-1\n");
  folder().write("old/B.csv", "email,id\nada@work.example,old-2\n");
  roll_.migrate_audiences({folder().path() + "/old"}).apply();
  std::vector<Who> ids{"old-1", "old-2", roll_.contacts().get("ada@example.com"),
                       roll_.contacts().get("ada@work.example")};
  const Contact moved = roll_.contacts().change_address("ada@work.example", "ada@home.example");
  ids.emplace_back(moved);
  const Contact kept = roll_.contacts().merge("ada@example.com", "ada@home.example");
  for (const Who& id : ids) EXPECT_EQ(roll_.contacts().get(id), kept);
}

TEST_P(ContactsMerge, the_feed_says_it_of_the_one_that_is_left) {
  const Contact kept = roll_.contacts().add({.email = "a@example.com"});
  const Contact other = roll_.contacts().add({.email = "b@example.com"});
  tell("b@example.com", news_);
  const std::int64_t before = roll_.opt_outs().next;
  roll_.contacts().merge(kept, other);
  std::vector<std::pair<ContactId, Action>> told;
  for (const FeedItem& item : roll_.opt_outs(before).items) told.emplace_back(item.event.contact, item.event.action);
  std::ranges::sort(told);
  std::vector<std::pair<ContactId, Action>> expected{{kept.id, Action::opt_out}, {other.id, Action::removed}};
  std::ranges::sort(expected);
  EXPECT_EQ(told, expected);
}

TEST_P(ContactsMerge, revoked_links_count_up_and_an_unknown_person_has_none) {
  roll_.contacts().add({.email = "a@example.com"});
  EXPECT_EQ(roll_.contacts().revoke_links("a@example.com"), 1);
  EXPECT_EQ(roll_.contacts().revoke_links("a@example.com"), 2);
  EXPECT_EQ(outcome_of([&] { roll_.contacts().revoke_links("b@example.com"); }), "not_found:contact_not_found");
}

/// People who say random things, and are then merged; the same twice, merged the other way round.
TEST_P(ContactsMerge, over_random_histories_it_does_not_matter_who_is_kept_and_nobody_gains_mail) {
  constexpr int pairs = 40;
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::map<std::string, std::string> kept[2];
    for (const bool reversed : {false, true}) {
      Roll roll = mailroll::open("memory://", {.actor = Actor::operator_, .clock = [this] { return now(); }});
      const Topic topics[] = {roll.topics().create({.name = "N", .default_subscription = Subscription::opt_in}),
                              roll.topics().create({.name = "O"})};
      Dice dice(seed);
      for (int step = 0; step < pairs * 12; ++step) {
        pass(std::chrono::seconds(1));
        const std::string email = person_email(dice.below(pairs * 2));
        const Topic& topic = topics[dice.below(2)];
        const PermissionOptions told{.by = Actor::person, .evidence = {.note = "phoned"}};
        const int act = dice.below(9);
        outcome_of([&] {
          switch (act) {
            case 0:
            case 1: roll.contacts().add({.email = email}); break;
            case 2: roll.subscribe(email, topic); break;
            case 3: roll.subscribe(email, topic, {.override_reason = "a signed letter"}); break;
            case 4: roll.unsubscribe(email, topic, dice.one_in(2) ? told : PermissionOptions{}); break;
            case 5: roll.unsubscribe(email, everything, dice.one_in(2) ? told : PermissionOptions{}); break;
            case 6: roll.resubscribe(email, everything, {.override_reason = "a signed letter"}); break;
            case 7: roll.contacts().remove(email); break;
            default:
              if (dice.one_in(2)) roll.suppressions().add(email, SuppressionReason::bounce);
          }
        });
      }
      const auto verdicts = [&](const std::string& email) {
        std::string text;
        for (const Topic& topic : topics) text += std::string(to_string(roll.explain(email, topic).reason)) + ' ';
        return text + std::string(to_string(roll.explain(email, no_topic).reason));
      };
      const auto out = [](const std::string& text) {
        return text.find("opted_out") != std::string::npos || text.find("unsubscribed") != std::string::npos ||
               text.find("suppressed") != std::string::npos;
      };
      for (int pair = 0; pair < pairs; ++pair) {
        std::string one = person_email(pair * 2);
        std::string two = person_email(pair * 2 + 1);
        for (const std::string& email : {one, two}) roll.contacts().add({.email = email});
        if (reversed) std::swap(one, two);
        std::string before[2] = {verdicts(one), verdicts(two)};
        roll.contacts().merge(one, two);
        const std::string after = verdicts(one);
        kept[reversed ? 1 : 0][person_email(pair * 2)] = after;
        for (const std::string& was : before) EXPECT_TRUE(!out(was) || out(after)) << was << "\n" << after;
        roll.contacts().merge(one, two);
        EXPECT_EQ(verdicts(one), after);
      }
      EXPECT_TRUE(roll.check().ok());
      EXPECT_EQ(roll.usage().global, static_cast<std::uint64_t>(pairs));
    }
    EXPECT_EQ(kept[0], kept[1]);
  }
}

INSTANTIATE_TEST_SUITE_P(stores, ChangeAddress, ::testing::Values("memory", "sqlite"), store_of);
INSTANTIATE_TEST_SUITE_P(stores, ContactsMerge, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
