// A link can be made for an address that has no row yet. Whatever keys come before its first row, the link still opts it out.
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "page_world.hpp"

namespace mailroll::testing {
namespace {

class EarlyLinks : public PageWorld {
 protected:
  EarlyLinks() : all(roll.segments().create("All")) {}

  /// How an address can come to its first profile.
  using WayIn = std::function<void(const std::string& email)>;
  std::vector<std::pair<const char*, WayIn>> ways_in() {
    return {
        {"added", [this](auto& email) { roll.contacts().add({.email = email}); }},
        {"subscribed", [this](auto& email) { roll.subscribe(email, beta); }},
        {"signed.up", [this](auto& email) { roll.subscribe_to_confirm(email, beta); }},
        {"imported", [this](auto& email) { import(email); }},
        {"migrated", [this](auto& email) { migrate(email); }},
        {"moved",
         [this](auto& email) {
           roll.contacts().add({.email = "once." + email});
           roll.contacts().change_address("once." + email, email);
         }},
        {"suppressed",
         [this](auto& email) {
           roll.suppressions().add(email, SuppressionReason::bounce);
           roll.suppressions().remove(email);
           import(email);
         }},
        {"opted.out",
         [this](auto& email) {
           roll.unsubscribe(email, beta);
           migrate(email);
         }},
        {"removed",
         [this](auto& email) {
           import(email);
           roll.contacts().remove(email);
           roll.contacts().add({.email = email});
         }},
    };
  }
  static std::string email_of(const char* way) { return std::string(way) + "@example.com"; }

  void import(const std::string& email) {
    const std::string name = std::to_string(++files_) + ".csv";
    roll.contacts().import_file(folder().write(name, "email\n" + email + "\n")).apply();
  }
  void migrate(const std::string& email) {
    const std::string name = "export" + std::to_string(++files_);
    folder().write(name + "/Old.csv", "email\n" + email + "\n");
    roll.migrate_audiences({folder().path() + '/' + name}).apply();
  }
  void change_hash_key(int times = 1) {
    for (int turn = 0; turn < times; ++turn) roll.keys().add(KeyKind::hash);
  }
  /// With a store of its own, and one key.
  void start_anew() {
    roll = open_logged(Actor::api);
    for (Topic* topic : {&news, &beta, &hidden}) {
      *topic = roll.topics().create({.name = topic->name, .default_subscription = topic->default_subscription});
    }
    all = roll.segments().create("All");
  }
  std::set<std::string> reached(const Topic& topic) {
    std::set<std::string> found;
    for (const Recipient& person : roll.audience(all, topic)) found.insert(person.email);
    return found;
  }

  Segment all;

 private:
  int files_ = 0;
};

TEST_P(EarlyLinks, a_link_from_before_a_change_of_keys_opts_out_whoever_came_after_it) {
  for (const int changes : {1, 2}) {
    for (const bool rekeyed : {false, true}) {
      SCOPED_TRACE(std::to_string(changes) + (rekeyed ? " changes, then a rekey" : " changes"));
      const std::string prefix = std::to_string(changes) + (rekeyed ? "r." : ".");
      std::map<std::string, std::string> links;
      for (const auto& [name, take] : ways_in()) {
        const std::string email = prefix + email_of(name);
        links[email] = leave_token(email, news);
      }
      change_hash_key(changes);
      for (const auto& [name, take] : ways_in()) {
        take(prefix + email_of(name));
        roll.segments().add(all, {prefix + email_of(name)});
      }
      if (rekeyed) {
        change_hash_key();
        roll.keys().rekey();
      }
      for (const auto& [email, link] : links) {
        EXPECT_TRUE(reached(news).contains(email)) << email;
        EXPECT_EQ(roll.act(link, one_click).outcome, ActOutcome::left) << email;
        EXPECT_EQ(reason(email, news), Reason::topic_opted_out) << email;
        EXPECT_FALSE(reached(news).contains(email)) << email;
        EXPECT_TRUE(reached(hidden).contains(email)) << email << ": it was about the news alone";
      }
      EXPECT_TRUE(roll.check().ok());
    }
  }
}

TEST_P(EarlyLinks, links_of_several_keys_that_were_followed_before_the_first_profile_all_hold) {
  std::map<std::string, std::vector<std::string>> links;
  for (const Topic* topic : {&news, &hidden}) {
    for (const auto& [name, take] : ways_in()) links[name].push_back(leave_token(email_of(name), *topic));
    change_hash_key();
  }
  for (const auto& [name, take] : ways_in()) {
    for (const std::string& link : links[name]) roll.act(link, one_click);
    take(email_of(name));
    EXPECT_EQ(reason(email_of(name), news), Reason::topic_opted_out) << name;
    EXPECT_EQ(reason(email_of(name), hidden), Reason::topic_opted_out) << name;
  }
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(EarlyLinks, the_new_contacts_id_under_an_earlier_key_leads_to_them) {
  const ContactId early = roll.explain("ada@example.com", news).id;
  change_hash_key();
  const Contact ada = roll.contacts().add({.email = "ada@example.com"});
  EXPECT_NE(ada.id, early);
  EXPECT_EQ(roll.contacts().get(early).id, ada.id);
  roll.contacts().change_address("ada@example.com", "lovelace@example.com");
  EXPECT_EQ(roll.contacts().get(early).email, "lovelace@example.com");
}

/// Links, keys, profiles and acts in any order: who left stays out, and nobody else does.
TEST_P(EarlyLinks, whoever_followed_a_link_stays_out_and_nobody_else_does_whatever_the_order) {
  constexpr int people = 40;
  const unsigned seeds = GetParam() == "memory" ? 20 : 1;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    if (seed > 1) start_anew();
    std::mt19937 random(seed);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    const std::vector<Topic> about{news, hidden};  // both are for everybody who did not leave
    struct Link {
      std::string email;
      TopicNumber topic;
      std::string token;
    };
    std::vector<Link> links;
    std::set<std::pair<std::string, TopicNumber>> left;
    const auto email = [&](int person) { return "p" + std::to_string(person) + "@example.com"; };
    for (int step = 0; step < 250; ++step) {
      pass(std::chrono::seconds(1));
      const std::string who = email(below(people));
      const Topic& topic = about[static_cast<std::size_t>(below(2))];
      switch (below(12)) {
        case 0:
        case 1:
        case 2: links.push_back({who, topic.number, leave_token(who, topic)}); break;
        case 3:
          if (below(4) == 0) change_hash_key();
          break;
        case 4:
          if (below(4) == 0) roll.keys().rekey();
          break;
        case 5: outcome_of([&] { roll.contacts().remove(who); }); break;
        case 6: roll.unsubscribe(who, beta); break;
        case 7: {
          const auto ways = ways_in();
          // The ways that leave no second contact behind.
          const int way = below(5);
          outcome_of([&] { ways[static_cast<std::size_t>(way)].second(who); });
          break;
        }
        default:
          if (links.empty()) break;
          const Link& link = links[static_cast<std::size_t>(below(static_cast<int>(links.size())))];
          roll.act(link.token, one_click);
          left.emplace(link.email, link.topic);
      }
    }
    for (int person = 0; person < people; ++person) {
      roll.contacts().add({.email = email(person)});
      for (const Topic& topic : about) {
        EXPECT_EQ(gets(email(person), topic), !left.contains({email(person), topic.number}))
            << email(person) << ", " << topic.name;
      }
    }
    EXPECT_TRUE(roll.check().ok());
  }
}

INSTANTIATE_TEST_SUITE_P(stores, EarlyLinks, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
