// The hand-off under random histories: acts of people, staff, providers and imports, mixed with leases, confirmations,
// releases and leases that run out, on a clock that the test moves. A model, written from the promises alone, says who may
// be leased, and what every answer must be.
#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "each_store.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

constexpr int people = 12;
constexpr auto lease_time = 60s;

std::string email_of(int person) { return "p" + std::to_string(person) + "@example.com"; }

/// What the promises say of one person in one broadcast.
struct Held {
  enum class As { nobody, leased, confirmed, released, withdrawn } as = As::nobody;
  LeaseId lease;
  Time until{};
};
using As = Held::As;

class HandoffHistory : public EachStore {
 protected:
  void begin(unsigned seed) {
    dice_.seed(seed);
    roll_.reset();
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(folder().path() + "/roll.db" + ending);
    roll_.emplace(open_as(Actor::operator_));
    roll_->topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    roll_->topics().create({.name = "Other", .default_subscription = Subscription::opt_out});
    roll_->segments().create("All");
    for (int person = 0; person < people; ++person) {
      if (below(4) != 0) add(person);
    }
    model_.clear();
    known_.assign(1, LeaseId{});  // nobody's
    fed_.clear();
    cursor_ = 0;
  }

  int below(int limit) { return static_cast<int>(dice_() % static_cast<unsigned>(limit)); }
  std::string any_topic() { return below(3) == 0 ? "Other" : "News"; }
  void add(int person) { roll_->contacts().add({.email = email_of(person), .segments = {"All"}}); }
  Handoff worker() { return roll_->handoff("All", "News", "w" + std::to_string(below(3)), {.lease_for = lease_time}); }
  bool in_segment(int person) {
    if (!roll_->contacts().find(email_of(person))) return false;
    const ContactDetails details = roll_->contacts().show(email_of(person));
    return !details.segments.empty();
  }
  /// May be mailed, as far as permission goes: what an opt-out ends and leaving the segment does not.
  bool permitted(int person) { return roll_->explain(email_of(person), "News").receives; }
  int person_of(const ContactId& id) {
    for (int person = 0; person < people; ++person) {
      if (roll_->explain(email_of(person), no_topic).id == id) return person;
    }
    ADD_FAILURE() << "nobody of this test";
    return 0;
  }

  void act() {
    const std::string email = email_of(below(people));
    const PermissionOptions told{.by = Actor::person, .evidence = {.note = "phoned"}};
    try {
      switch (below(10)) {
        case 0: add(below(people)); break;
        case 1: roll_->contacts().remove(email); break;
        case 2: roll_->unsubscribe(email, any_topic(), told); break;
        case 3: roll_->unsubscribe(email, everything); break;
        case 4: roll_->resubscribe(email, everything, {.override_reason = "asked"}); break;
        case 5:
        case 6: roll_->resubscribe(email, any_topic(), {.override_reason = "asked"}); break;
        case 7: below(2) == 0 ? roll_->suppressions().add(email, SuppressionReason::bounce) : lifted(email); break;
        case 8: take_out(email); break;
        default: import(email, below(2) == 0);
      }
    } catch (const Error& error) {
      ASSERT_TRUE(error.kind() == ErrorKind::refused || error.kind() == ErrorKind::not_found) << error.what();
    }
    // Whoever may not be mailed now has just left, and is out at once.
    for (auto& [person, held] : model_) {
      if (held.as == As::leased && !permitted(person)) held.as = As::withdrawn;
    }
  }
  Suppression lifted(const std::string& email) {
    roll_->suppressions().remove(email);
    return {};
  }
  void take_out(const std::string& email) { roll_->segments().take_out("All", {email}); }
  void import(const std::string& email, bool leaves) {
    const std::string file =
        folder().write("import.csv", "email,unsubscribed\n" + email + (leaves ? ",yes\n" : ",no\n"));
    roll_->contacts().import_file(file, {.segments = {"All"}}).apply();
  }

  /// Those who were given back or whose lease ran out, and those who have never been leased and may be.
  struct Waiting {
    std::set<int> back;
    std::set<int> fresh;
  };
  Waiting waiting() {
    Waiting found;
    for (int person = 0; person < people; ++person) {
      const Held& held = model_[person];
      if (held.as == As::released || (held.as == As::leased && held.until <= now())) found.back.insert(person);
      if (held.as == As::nobody && in_segment(person) && permitted(person)) found.fresh.insert(person);
    }
    return found;
  }

  void lease() {
    const auto [back, fresh] = waiting();
    // With room for all who were given back, so that each of them is either leased or withdrawn by this call.
    const std::size_t limit = std::max<std::size_t>(1, back.size()) + static_cast<std::size_t>(below(3));
    const Batch batch = worker().lease(limit);
    std::set<int> got;
    for (const Recipient& recipient : batch.people) got.insert(person_of(recipient.id));
    ASSERT_EQ(got.size(), batch.people.size()) << "twice in one batch";
    ASSERT_LE(got.size(), limit);
    for (const int person : got) {
      ASSERT_TRUE(back.contains(person) || fresh.contains(person)) << "not to be leased: " << person;
      ASSERT_TRUE(in_segment(person) && permitted(person)) << "must not be mailed: " << person;
      model_[person] = {As::leased, batch.lease, now() + lease_time};
    }
    for (const int person : back) {
      if (got.contains(person)) continue;
      ASSERT_FALSE(in_segment(person) && permitted(person)) << "given back, and passed by: " << person;
      model_[person].as = As::withdrawn;
    }
    ASSERT_FALSE(batch.done && !(got.empty() && fresh.empty())) << "done, though somebody was to be leased";
    ASSERT_TRUE(batch.done || !got.empty() || !back.empty()) << "in a segment as small as this, nobody means done";
    if (!got.empty()) known_.push_back(batch.lease);
  }

  void settle() {
    const LeaseId lease = known_[static_cast<std::size_t>(below(static_cast<int>(known_.size())))];
    const bool confirms = below(3) != 0;
    const bool all = below(3) == 0;
    std::vector<ContactId> ids;
    std::set<int> named;
    for (int person = 0; person < people; ++person) {
      if (all ? model_[person].lease != lease : below(3) != 0) continue;
      named.insert(person);
      ids.push_back(roll_->explain(email_of(person), no_topic).id);
    }
    HandoffReport wanted;
    for (const int person : named) {
      Held& held = model_[person];
      const As as = confirms ? As::confirmed : As::released;
      if (held.as == As::nobody || held.lease != lease) {
        ++wanted.lost;
      } else if (held.as == As::withdrawn) {
        ++wanted.withdrawn;
      } else if (held.as == as) {
        ++wanted.repeated;
      } else if (held.as == As::confirmed || (all && held.as == As::released)) {
        ++wanted.kept;
      } else {
        ++wanted.done;
        held.as = as;
      }
    }
    if (lease == LeaseId{}) wanted.lost = all ? 0 : named.size();
    Handoff handoff = worker();
    const HandoffReport found = all ? (confirms ? handoff.confirm(lease) : handoff.release(lease))
                                    : (confirms ? handoff.confirm(lease, ids) : handoff.release(lease, ids));
    const auto values = [](const HandoffReport& report) {
      return std::tuple(report.done, report.repeated, report.withdrawn, report.kept, report.lost);
    };
    ASSERT_EQ(values(found), values(wanted));
  }

  void read_feed() {
    const FeedPage page = roll_->opt_outs(cursor_, static_cast<std::size_t>(1 + below(5)));
    for (const FeedItem& item : page.items) {
      ASSERT_EQ(item.position, ++cursor_);
      ASSERT_TRUE(fed_.insert(item.event.id).second) << "told twice";
    }
    ASSERT_EQ(page.next, cursor_);
  }

  void expect_as_the_model_says() {
    LeaseCounts wanted;
    for (const auto& [person, held] : model_) {
      wanted.leased += held.as == As::leased ? 1 : 0;
      wanted.confirmed += held.as == As::confirmed ? 1 : 0;
      wanted.released += held.as == As::released ? 1 : 0;
      wanted.withdrawn += held.as == As::withdrawn ? 1 : 0;
    }
    const LeaseCounts found = worker().status().counts;
    ASSERT_EQ(std::tuple(found.leased, found.confirmed, found.released, found.withdrawn),
              std::tuple(wanted.leased, wanted.confirmed, wanted.released, wanted.withdrawn));
  }

  /// Everybody who may have it and was not withdrawn is handed over, once all leases have run out.
  void finish() {
    pass(lease_time);
    for (Batch batch = worker().lease(3); !batch.done; batch = worker().lease(3)) worker().confirm(batch.lease);
    const LeaseCounts counts = worker().status().counts;
    ASSERT_EQ(counts.leased + counts.released, 0U);
    const Batch none = worker().lease(people);
    ASSERT_TRUE(none.done && none.people.empty());
    std::set<EventId> lowered;
    for (int person = 0; person < people; ++person) {
      for (const ConsentEvent& event : roll_->events().list(email_of(person))) {
        if (lowers(event.action)) lowered.insert(event.id);
      }
    }
    while (cursor_ < static_cast<std::int64_t>(lowered.size())) {
      const std::int64_t before = cursor_;
      read_feed();
      ASSERT_GT(cursor_, before) << "something that lowered permission is not in the feed";
    }
    ASSERT_EQ(fed_, lowered);
  }

  std::mt19937 dice_;
  std::optional<Roll> roll_;
  std::map<int, Held> model_;
  std::vector<LeaseId> known_;
  std::set<EventId> fed_;
  std::int64_t cursor_ = 0;
};

TEST_P(HandoffHistory, random_acts_and_workers_agree_with_what_is_promised) {
  const unsigned histories = GetParam() == "memory" ? 150 : 12;
  for (unsigned seed = 1; seed <= histories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    begin(seed);
    for (int step = 0; step < 60; ++step) {
      switch (below(8)) {
        case 0:
        case 1: act(); break;
        case 2:
        case 3: lease(); break;
        case 4:
        case 5: settle(); break;
        case 6: read_feed(); break;
        default: pass(std::chrono::seconds(below(40)));
      }
      pass(1ms);
      if (!HasFatalFailure()) expect_as_the_model_says();
      if (HasFatalFailure()) return;
    }
    finish();
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, HandoffHistory, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
