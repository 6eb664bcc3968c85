/// A segment, two topics, and a mailer's workers, on every store.
#pragma once

#include <initializer_list>
#include <set>
#include <string>

#include "each_store.hpp"

namespace mailroll::testing {

using Emails = std::set<std::string>;

inline Emails emails_of(const Batch& batch) {
  Emails found;
  for (const Recipient& person : batch.people) found.insert(person.email);
  return found;
}

inline std::string shown(const HandoffReport& report) {
  std::string text;
  const auto add = [&](std::uint64_t count, const char* what) {
    if (count != 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + what;
  };
  add(report.done, "done");
  add(report.repeated, "repeated");
  add(report.withdrawn, "withdrawn");
  add(report.kept, "kept");
  add(report.lost, "lost");
  return text;
}

inline std::string shown(const LeaseCounts& counts) {
  return std::to_string(counts.leased) + " leased, " + std::to_string(counts.confirmed) + " confirmed, " +
         std::to_string(counts.released) + " released, " + std::to_string(counts.withdrawn) + " withdrawn";
}

class Mailing : public EachStore {
 protected:
  Mailing()
      : roll(open_as(Actor::api)),
        news(roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in})),
        other(roll.topics().create({.name = "Other", .default_subscription = Subscription::opt_in})),
        all(roll.segments().create("All")) {}

  void join(const std::string& email) { roll.contacts().add({.email = email, .segments = {all}}); }
  void join(std::initializer_list<const char*> emails) {
    for (const char* email : emails) join(email);
  }
  ContactId id_of(const std::string& email) { return roll.contacts().get(email).id; }
  Handoff worker(const std::string& name = "w1", const HandoffOptions& options = {}) {
    return roll.handoff(all, news, name, options);
  }
  std::string counts() { return shown(worker().status().counts); }
  /// Everybody that can be leased now, until a whole walk found nobody.
  Emails lease_all(Handoff handoff) {
    Emails found;
    for (Batch batch = handoff.lease(2); !batch.done; batch = handoff.lease(2)) {
      for (const Recipient& person : batch.people) {
        EXPECT_TRUE(found.insert(person.email).second) << "leased twice";
      }
    }
    return found;
  }

  Roll roll;
  Topic news;
  Topic other;
  Segment all;
};

}  // namespace mailroll::testing
