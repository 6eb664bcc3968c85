// Another address, or a merge, while mail is on its way: nobody is mailed twice or passed by, and whoever left is out.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mailing.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

/// How one of a case becomes two of it.
enum class Way { another_address, merged, merged_with_somebody_who_said_things };
constexpr Way ways[] = {Way::another_address, Way::merged, Way::merged_with_somebody_who_said_things};

/// A leased person of a segment of their own.
struct Case {
  std::string one;
  std::string two;
  Handoff handoff;
  Batch batch;
  ContactId old;
};

class HandoffMerge : public Mailing {
 protected:
  Case leased(Way way) {
    const std::string name = std::to_string(++cases_);
    const Segment segment = roll.segments().create(name);
    const std::string one = "one" + name + "@example.com";
    const std::string two = "two" + name + "@example.org";
    const ContactId old = roll.contacts().add({.email = one, .segments = {segment}}).id;
    if (way != Way::another_address) roll.contacts().add({.email = two});
    if (way == Way::merged_with_somebody_who_said_things) roll.unsubscribe(two, other);
    Handoff handoff = roll.handoff(segment, news, "w1");
    const Batch batch = handoff.lease(10);
    EXPECT_EQ(emails_of(batch), Emails{one});
    return {one, two, handoff, batch, old};
  }
  void become(Way way, const Case& person) {
    if (way == Way::another_address)
      roll.contacts().change_address(person.one, person.two);
    else
      roll.contacts().merge(person.two, person.one);
  }

 private:
  int cases_ = 0;
};

TEST_P(HandoffMerge, whoever_moves_or_merges_while_leased_is_confirmed_once_by_whatever_id) {
  for (const Way way : ways) {
    for (int by = 0; by < 4; ++by) {
      SCOPED_TRACE(std::to_string(static_cast<int>(way)) + ", " + std::to_string(by));
      Case person = leased(way);
      become(way, person);
      const ContactId now = id_of(person.two);
      const LeaseId& lease = person.batch.lease;
      const HandoffReport report = by == 0   ? person.handoff.confirm(lease)
                                   : by == 1 ? person.handoff.confirm(lease, {person.old})
                                   : by == 2 ? person.handoff.confirm(lease, {now})
                                             : person.handoff.confirm(lease, {person.old, now});
      EXPECT_EQ(shown(report), "1 done");
      EXPECT_EQ(shown(person.handoff.confirm(lease)), "1 repeated");
      pass(1h);
      EXPECT_EQ(lease_all(person.handoff), Emails{}) << "mailed twice";
    }
  }
}

TEST_P(HandoffMerge, whoever_moves_or_merges_while_leased_and_is_not_mailed_is_leased_again) {
  for (const Way way : ways) {
    for (const bool given_back : {false, true}) {
      for (const bool before : {false, true}) {
        SCOPED_TRACE(std::to_string(static_cast<int>(way)) + (given_back ? ", given back" : ", run out") +
                     (before ? " before" : " after"));
        Case person = leased(way);
        if (!before) become(way, person);
        if (given_back) {
          EXPECT_EQ(shown(person.handoff.release(person.batch.lease)), "1 done");
        } else {
          pass(1h);
        }
        if (before) become(way, person);
        EXPECT_EQ(lease_all(person.handoff), Emails{person.two}) << "passed by, or twice";
      }
    }
  }
}

TEST_P(HandoffMerge, two_that_become_one_while_both_are_leased_are_mailed_once) {
  join({"ada@example.com", "countess@example.org"});
  Handoff handoff = worker();
  const Batch first = handoff.lease(1);
  const Batch second = worker("w2").lease(1);
  const std::string kept = first.people.at(0).email;
  roll.contacts().merge(kept, second.people.at(0).email);
  EXPECT_EQ(shown(handoff.confirm(second.lease)), "1 withdrawn") << "the other mailer is told to leave it";
  EXPECT_EQ(shown(handoff.confirm(first.lease)), "1 done");
  pass(1h);
  EXPECT_EQ(lease_all(handoff), Emails{});
}

TEST_P(HandoffMerge, whoever_has_had_the_mail_under_either_address_does_not_get_it_under_the_other) {
  for (const bool kept_had_it : {false, true}) {
    const std::string ada = kept_had_it ? "ada1@example.com" : "ada2@example.com";
    const std::string countess = "countess." + ada;
    join(ada);
    Handoff handoff = worker("w1", {.broadcast = ada});
    handoff.confirm(handoff.lease(10).lease);
    join(countess);
    roll.contacts().merge(kept_had_it ? ada : countess, kept_had_it ? countess : ada);
    pass(1h);
    EXPECT_EQ(lease_all(handoff), Emails{});
    roll.contacts().remove(kept_had_it ? ada : countess);
  }
}

TEST_P(HandoffMerge, an_opt_out_that_a_merge_or_a_move_brings_withdraws_the_lease_with_it) {
  for (const Way way : ways) {
    SCOPED_TRACE(static_cast<int>(way));
    Case left = leased(way);
    roll.unsubscribe(left.two, news);  // the address that the mail is not on its way to
    EXPECT_EQ(left.handoff.status().counts.leased, 1U);
    become(way, left);
    EXPECT_EQ(left.handoff.status().counts.leased, 0U);
    EXPECT_EQ(shown(left.handoff.confirm(left.batch.lease)), "1 withdrawn");
    pass(1h);
    EXPECT_EQ(lease_all(left.handoff), Emails{});
  }
  Case kept = leased(Way::merged);
  roll.unsubscribe(kept.two, news);
  roll.contacts().merge(kept.one, kept.two);
  EXPECT_EQ(shown(kept.handoff.confirm(kept.batch.lease)), "1 withdrawn");
}

TEST_P(HandoffMerge, soft_bounces_of_both_count_after_a_merge_and_stay_with_an_address_that_is_given_up) {
  const auto bounce = [this](const char* email) {
    pass(1h);
    return roll.suppressions().record_bounce(email, BounceKind::soft).has_value();
  };
  for (const char* email : {"a@example.com", "b@example.com", "c@example.com"}) join(email);
  EXPECT_FALSE(bounce("a@example.com"));
  EXPECT_FALSE(bounce("b@example.com"));
  roll.contacts().merge("a@example.com", "b@example.com");
  EXPECT_TRUE(roll.explain("a@example.com", news).receives);
  EXPECT_TRUE(bounce("a@example.com")) << "the third of one person";
  EXPECT_FALSE(bounce("c@example.com"));
  EXPECT_FALSE(bounce("c@example.com"));
  roll.contacts().change_address("c@example.com", "d@example.com");
  EXPECT_FALSE(bounce("d@example.com")) << "nothing came back from there before";
}

INSTANTIATE_TEST_SUITE_P(Stores, HandoffMerge, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
