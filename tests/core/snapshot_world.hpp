/// A roll with a past made by chance: everything that can happen to a person, in any order. A seed repeats it.
#pragma once

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "each_store.hpp"

namespace mailroll::testing {

class SnapshotWorld : public EachStore {
 protected:
  static constexpr int people = 150;  // more than two words of bits, and not a whole number of them

  SnapshotWorld() : roll(open_as(Actor::operator_)), program(roll) {
    if (GetParam() != "memory") program = open_as(Actor::api);
  }

  void make_definitions() {
    for (const char* name : {"A", "B", "C", "Nobody"}) segments.push_back(roll.segments().create(name));
    for (const Subscription subscription : {Subscription::opt_in, Subscription::opt_out}) {
      for (const char* name : {"News", "Offers"}) {
        topics.push_back(roll.topics().create(
            {.name = name + std::to_string(topics.size()), .default_subscription = subscription, .basis = "consent"}));
      }
    }
  }

  int below(int n) { return std::uniform_int_distribution(0, n - 1)(chance_); }
  std::string somebody() { return "person" + std::to_string(below(people)) + "@example.com"; }
  const Topic& some_topic() { return topics[static_cast<std::size_t>(below(static_cast<int>(topics.size())))]; }
  const Segment& some_segment() { return segments[static_cast<std::size_t>(below(3))]; }

  /// One act; what the rules refuse is no act.
  void act() {
    pass(std::chrono::seconds(1 + below(60)));
    const std::string who = somebody();
    const PermissionOptions for_a_while{.override_reason = "a signed letter",
                                        .valid_until = now() + std::chrono::seconds(1 + below(5000))};
    (void)outcome_of([&] {
      switch (below(16)) {
        case 0:
        case 1:
        case 2: roll.contacts().add({.email = who, .segments = {some_segment(), some_segment()}}); break;
        case 3: roll.segments().add(some_segment(), {who}); break;
        case 4: roll.segments().take_out(some_segment(), {who}); break;
        case 5: roll.unsubscribe(who, some_topic()); break;
        case 6: roll.unsubscribe(who, everything); break;
        case 7: roll.subscribe(who, some_topic(), for_a_while); break;
        case 8: roll.subscribe(who, some_topic()); break;
        case 9: roll.resubscribe(who, everything, {.override_reason = "a signed letter"}); break;
        case 10: program.subscribe_to_confirm(who, some_topic()); break;
        case 11: program.subscribe_to_confirm(who, everything); break;
        case 12: roll.suppressions().add(who, static_cast<SuppressionReason>(1 + below(3))); break;
        case 13: roll.suppressions().remove(who, {}, "it was a mistake"); break;
        case 14: {
          const Topic& topic = some_topic();
          PermissionOptions told{.by = Actor::person};
          told.evidence.note = "by telephone";
          roll.unsubscribe(who, topic, told);
          if (below(2) == 0) roll.resubscribe(who, topic, {.override_reason = "a signed letter"});
          break;
        }
        default: below(3) == 0 ? (void)roll.contacts().erase(who) : roll.contacts().remove(who); break;
      }
    });
  }

  void live(int acts) {
    for (int i = 0; i < acts; ++i) act();
  }

  [[nodiscard]] std::vector<TopicRef> mails() const {
    std::vector<TopicRef> all{no_topic};
    all.insert(all.end(), topics.begin(), topics.end());
    return all;
  }
  [[nodiscard]] std::vector<ContactId> receivers(const SegmentRef& segment, const TopicRef& topic) const {
    std::vector<ContactId> ids;
    for (const Recipient& person : roll.audience(segment, topic)) ids.push_back(person.id);
    return ids;
  }
  [[nodiscard]] std::vector<ContactId> members(const SegmentRef& segment) const {
    std::vector<ContactId> ids;
    for (const Contact& contact : roll.contacts().list({}, people * 2, segment)) ids.push_back(contact.id);
    return ids;
  }

  Roll roll;     // of staff
  Roll program;  // of the team's own program, which may ask for confirmation
  std::vector<Segment> segments;
  std::vector<Topic> topics;
  std::mt19937 chance_;
};

inline std::string shown(const Counts& counts) {
  std::string text = std::to_string(counts.members) + " members, " + std::to_string(counts.receives) + " receive, " +
                     std::to_string(counts.by_override) + " by override" + (counts.incomplete ? ", incomplete" : "");
  for (std::size_t i = 0; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (counts[reason] != 0) text += ", " + std::string(to_string(reason)) + " " + std::to_string(counts[reason]);
  }
  return text;
}

}  // namespace mailroll::testing
