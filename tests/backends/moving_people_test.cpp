// Whoever leaves while they come to another id, by another address or a merge: the act waits for the move, and must then find
// where they are. On the engines whose writers work side by side.
#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "backends/promise_roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

constexpr TeamNumber team{1};
const std::array<std::string, 3> addresses{"ada@example.com", "grace@example.com", "joan@example.com"};

/// Three addresses, of which each has a higher id than the one before: so a move locks the id that it leaves, and waits for
/// the one that it comes to.
class MovingPeople : public test::PromiseRoll {
 protected:
  void SetUp() override {
    PromiseRoll::SetUp();
    if (IsSkipped()) return;
    for (const std::string& address : addresses) {
      people_.push_back(roll().contacts().add({.email = address}));
      roll().contacts().remove(address);
    }
    std::ranges::sort(people_, {}, &Contact::id);
    roll().contacts().add({.email = first()});
  }

  [[nodiscard]] const std::string& first() const { return people_[0].email; }
  [[nodiscard]] const std::string& second() const { return people_[1].email; }
  [[nodiscard]] const std::string& third() const { return people_[2].email; }
  [[nodiscard]] Who first_id() const { return Who(people_[0].id); }

  void wait_until_waiting(int count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (waiting() < count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "nobody waits: this run would show nothing";
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  /// Whoever has the address `from` comes to `to`; begins to, waits for what somebody else holds, is met by `act`, and goes on.
  template <typename Act>
  void meet(const std::string& from, const std::string& to, Act act) {
    const auto destination = std::ranges::find(people_, to, &Contact::email);
    const std::unique_ptr<Session> holding = open_store(url())->connect();
    holding->begin_write();
    holding->lock(team, destination->id);
    (void)holding->person(team, destination->id, {.contact = true});
    std::thread moving([&] { roll().contacts().change_address(from, to); });
    wait_until_waiting(1);
    std::thread acting([&] { EXPECT_NO_THROW(act()); });
    wait_until_waiting(2);
    holding->rollback();
    moving.join();
    acting.join();
  }

  [[nodiscard]] bool receives(const std::string& address) { return roll().explain(address, no_topic).receives; }

  std::vector<Contact> people_;
};

TEST_P(MovingPeople, by_a_link_of_before_leave_under_the_id_they_come_to) {
  const std::string token = leave_token(first(), everything);
  meet(first(), second(), [&] { roll().act(token, {}, {}); });
  EXPECT_FALSE(receives(second()));
  EXPECT_EQ(roll().check().cache_differs, 0U);
}

TEST_P(MovingPeople, by_a_link_of_two_moves_ago_leave_under_the_id_they_come_to) {
  const std::string token = leave_token(first(), everything);
  roll().contacts().change_address(first(), second());
  meet(second(), third(), [&] { roll().act(token, {}, {}); });
  EXPECT_FALSE(receives(third()));
}

TEST_P(MovingPeople, by_an_id_of_before_leave_under_the_id_they_come_to) {
  roll().contacts().change_address(first(), second());
  meet(second(), third(), [&] { roll().unsubscribe(first_id(), everything); });
  EXPECT_FALSE(receives(third()));
}

TEST_P(MovingPeople, by_an_address_of_before_leave_under_the_id_they_come_to) {
  roll().contacts().change_address(first(), second());
  meet(second(), third(), [&] { roll().unsubscribe(first(), everything); });
  EXPECT_FALSE(receives(third()));
}

TEST_P(MovingPeople, by_an_id_of_before_are_erased_under_the_id_they_come_to) {
  roll().contacts().change_address(first(), second());
  meet(second(), third(), [&] { roll().contacts().erase(first_id(), ""); });
  EXPECT_FALSE(roll().contacts().find(third()));
  EXPECT_FALSE(receives(third()));
}

TEST_P(MovingPeople, whose_mail_was_sent_are_confirmed_under_the_id_they_come_to) {
  const Segment all = roll().segments().create("All");
  roll().segments().add(all, {first()});
  Handoff handoff = roll().handoff("All", no_topic, "worker");
  const Batch batch = handoff.lease(1);
  ASSERT_EQ(batch.people.size(), 1U);
  roll().contacts().change_address(first(), second());
  HandoffReport report;
  meet(second(), third(), [&] { report = handoff.confirm(batch.lease, {batch.people.front().id}); });
  EXPECT_EQ(report.done, 1U);
  EXPECT_EQ(handoff.status().counts.leased, 0U) << "or they would get it twice";
}

INSTANTIATE_TEST_SUITE_P(Servers, MovingPeople, testing::Values("postgresql", "mysql"),
                         [](const testing::TestParamInfo<std::string>& info) { return info.param; });

}  // namespace
}  // namespace mailroll
