// Handing people to a mailer: the rules of leasing, confirming and releasing, one promise a test, on every store.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mailing.hpp"

namespace {

using namespace mailroll;
using namespace mailroll::testing;
using namespace std::chrono_literals;

class HandoffTest : public Mailing {};

TEST_P(HandoffTest, whoever_may_receive_it_is_leased_once_with_what_a_mailer_needs) {
  roll.contacts().add({.email = "ada@example.com", .first_name = "Ada", .last_name = "Lovelace", .segments = {all}});
  join({"bob@example.com", "cy@example.com", "left@example.com", "out@example.com", "bounced@example.com"});
  roll.contacts().add({.email = "elsewhere@example.com"});
  roll.unsubscribe("left@example.com", news);
  roll.unsubscribe("out@example.com", everything);
  roll.suppressions().add("bounced@example.com", SuppressionReason::bounce);
  Handoff handoff = worker();
  const Batch batch = handoff.lease(10);
  EXPECT_EQ(emails_of(batch), (Emails{"ada@example.com", "bob@example.com", "cy@example.com"}));
  EXPECT_TRUE(std::ranges::is_sorted(batch.people, {}, &Recipient::id));
  const auto ada = std::ranges::find(batch.people, "ada@example.com", &Recipient::email);
  EXPECT_EQ(ada->first_name + ' ' + ada->last_name, "Ada Lovelace");
  EXPECT_EQ(ada->id, id_of("ada@example.com"));
  EXPECT_EQ(batch.expires_at, now() + 15min);
  EXPECT_EQ(batch.outstanding, 3U);
  EXPECT_FALSE(batch.done) << "others may have joined meanwhile";
  const Batch none = worker("w2").lease(10);
  EXPECT_TRUE(none.people.empty());
  EXPECT_TRUE(none.lease.is_nil());
  EXPECT_TRUE(none.done);
  EXPECT_EQ(none.outstanding, 3U);
}

TEST_P(HandoffTest, small_batches_give_everybody_to_several_workers_and_nobody_twice) {
  Emails everybody;
  for (int person = 0; person < 23; ++person) {
    const std::string email = "p" + std::to_string(person) + "@example.com";
    join(email);
    if (person % 4 == 0)
      roll.unsubscribe(email, news);
    else
      everybody.insert(email);
  }
  Emails leased;
  Handoff workers[] = {worker("w1"), worker("w2"), worker("w3")};
  for (int turn = 0;; ++turn) {
    Handoff& handoff = workers[turn % 3];
    const Batch batch = handoff.lease(4);
    EXPECT_LE(batch.people.size(), 4U);
    for (const Recipient& person : batch.people) EXPECT_TRUE(leased.insert(person.email).second) << "leased twice";
    handoff.confirm(batch.lease);
    if (batch.done) break;
  }
  EXPECT_EQ(leased, everybody);
  EXPECT_EQ(counts(), "0 leased, 17 confirmed, 0 released, 0 withdrawn");
}

TEST_P(HandoffTest, whoever_is_confirmed_is_never_leased_again) {
  join({"ada@example.com", "bob@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(10);
  EXPECT_EQ(shown(handoff.confirm(batch.lease, {id_of("ada@example.com")})), "1 done");
  EXPECT_EQ(shown(handoff.confirm(batch.lease, {id_of("ada@example.com")})), "1 repeated");
  EXPECT_EQ(shown(handoff.confirm(batch.lease)), "1 done, 1 repeated");
  pass(48h);
  EXPECT_EQ(lease_all(worker("w2")), Emails{});
}

TEST_P(HandoffTest, whoever_is_released_goes_to_the_next_who_asks) {
  join({"ada@example.com", "bob@example.com", "cy@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(2);
  ASSERT_EQ(batch.people.size(), 2U);
  const Recipient back = batch.people[1];
  EXPECT_EQ(shown(handoff.release(batch.lease, {back.id})), "1 done");
  EXPECT_EQ(shown(handoff.release(batch.lease, {back.id})), "1 repeated");
  EXPECT_EQ(emails_of(worker("w2").lease(1)), Emails{back.email}) << "before anybody new";
  EXPECT_EQ(shown(handoff.confirm(batch.lease, {back.id})), "1 lost");
  EXPECT_EQ(counts(), "2 leased, 0 confirmed, 0 released, 0 withdrawn");
}

TEST_P(HandoffTest, confirming_all_of_a_lease_leaves_alone_who_was_released) {
  join({"ada@example.com", "bob@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(2);
  handoff.release(batch.lease, {id_of("ada@example.com")});
  EXPECT_EQ(shown(handoff.confirm(batch.lease)), "1 done, 1 kept");
  EXPECT_EQ(counts(), "0 leased, 1 confirmed, 1 released, 0 withdrawn");
  EXPECT_EQ(shown(handoff.release(batch.lease)), "1 repeated, 1 kept") << "what is confirmed stays so";
  EXPECT_EQ(shown(handoff.confirm(batch.lease, {id_of("ada@example.com")})), "1 done") << "named, and still nobody's";
}

TEST_P(HandoffTest, an_empty_list_of_people_is_nobody_and_not_everybody) {
  join({"ada@example.com", "bob@example.com"});
  Handoff handoff = worker();
  const Batch batch = handoff.lease(2);
  EXPECT_EQ(shown(handoff.confirm(batch.lease, {})), "");
  EXPECT_EQ(shown(handoff.release(batch.lease, {})), "");
  EXPECT_EQ(counts(), "2 leased, 0 confirmed, 0 released, 0 withdrawn");
}

TEST_P(HandoffTest, a_lease_that_ran_out_is_leased_to_others_and_not_a_moment_before) {
  join({"ada@example.com", "bob@example.com"});
  const Batch first = worker("w1", {.lease_for = 60s}).lease(2);
  pass(60s - 1us);
  EXPECT_EQ(lease_all(worker("w2")), Emails{});
  pass(1us);
  const Batch second = worker("w2").lease(1);
  ASSERT_EQ(second.people.size(), 1U);
  EXPECT_NE(second.lease, first.lease);
  const ContactId taken = second.people[0].id;
  const ContactId kept = first.people[first.people[0].id == taken ? 1 : 0].id;
  EXPECT_EQ(shown(worker("w1").confirm(first.lease, {kept, taken})), "1 done, 1 lost")
      << "late, but nobody else had the one; the other is somebody else's now";
  EXPECT_EQ(shown(worker("w2").confirm(second.lease)), "1 done");
  EXPECT_EQ(counts(), "0 leased, 2 confirmed, 0 released, 0 withdrawn");
}

TEST_P(HandoffTest, a_walk_that_is_over_begins_anew_for_who_joined_behind_it) {
  for (int person = 0; person < 12; ++person) join("p" + std::to_string(person) + "@example.com");
  Handoff handoff = worker();
  EXPECT_EQ(handoff.lease(6).people.size(), 6U);
  const ContactId position = *handoff.status().broadcast.position;
  Emails late;
  for (int person = 12; late.empty() || person < 24; ++person) {
    const std::string email = "p" + std::to_string(person) + "@example.com";
    join(email);
    if (id_of(email) < position) late.insert(email);
  }
  const Emails rest = lease_all(handoff);
  EXPECT_TRUE(std::ranges::includes(rest, late));
  EXPECT_EQ(rest.size(), roll.usage().global - 6);
}

TEST_P(HandoffTest, whoever_comes_back_without_having_been_leased_is_leased_in_the_next_walk) {
  join({"ada@example.com", "bob@example.com"});
  roll.unsubscribe("ada@example.com", news);
  Handoff handoff = worker();
  EXPECT_EQ(lease_all(handoff), Emails{"bob@example.com"});
  pass(1s);
  roll.resubscribe("ada@example.com", news);
  EXPECT_EQ(lease_all(handoff), Emails{"ada@example.com"});
}

TEST_P(HandoffTest, consent_that_ran_out_is_not_leased) {
  const Topic beta = roll.topics().create({.name = "Beta", .default_subscription = Subscription::opt_out});
  join({"ada@example.com"});
  PermissionOptions until;
  until.valid_until = now() + 1h;
  roll.subscribe("ada@example.com", beta, until);
  EXPECT_EQ(roll.explain("ada@example.com", beta).reason, Reason::topic_opted_in);
  pass(1h);
  EXPECT_TRUE(roll.handoff(all, beta, "w").lease(1).people.empty());
}

TEST_P(HandoffTest, one_segment_and_topic_are_one_broadcast_unless_it_is_named) {
  join({"ada@example.com"});
  EXPECT_EQ(worker("w1").lease(1).people.size(), 1U);
  EXPECT_TRUE(worker("w2").lease(1).people.empty()) << "the same broadcast";
  EXPECT_EQ(worker("w2", {.broadcast = "March"}).lease(1).people.size(), 1U) << "another one";
  EXPECT_EQ(roll.handoff(all, other, "w1").lease(1).people.size(), 1U);
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff(all, other, "w1", {.broadcast = "March"}); }),
            "conflict:broadcast_differs");
  const std::vector<BroadcastStatus> known = roll.broadcasts();
  ASSERT_EQ(known.size(), 3U);
  EXPECT_EQ(known[0].broadcast.name, "segment " + to_string(all.id) + ", topic " + to_string(news.id));
  EXPECT_EQ(known[1].broadcast.name, "March");
  EXPECT_EQ(known[1].counts.leased, 1U);
  EXPECT_EQ(known[2].broadcast.topic, other.number);
}

TEST_P(HandoffTest, what_cannot_be_is_refused_with_a_reason) {
  EXPECT_EQ(outcome_of([&] { worker().lease(0); }), "invalid:limit");
  EXPECT_EQ(outcome_of([&] { worker().lease(max_lease + 1); }), "invalid:limit");
  EXPECT_EQ(outcome_of([&] { worker("w", {.lease_for = 0s}); }), "invalid:lease_for");
  EXPECT_EQ(outcome_of([&] { worker("w", {.lease_for = 24h + 1s}); }), "invalid:lease_for");
  EXPECT_EQ(outcome_of([&] { worker(""); }), "invalid:name_empty");
  EXPECT_EQ(outcome_of([&] { worker(std::string(101, 'w')); }), "invalid:name_too_long");
  EXPECT_EQ(outcome_of([&] { worker("w", {.broadcast = std::string(201, 'b')}); }), "invalid:name_too_long");
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff("Nowhere", news, "w"); }), "not_found:segment_not_found");
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff_of(LeaseId(make_uuid_v7(now()))); }), "not_found:lease_not_found");
  EXPECT_EQ(shown(worker().confirm(LeaseId(make_uuid_v7(now())), {ContactId{}})), "1 lost");
  EXPECT_EQ(outcome_of([&] { worker().confirm(LeaseId{}, std::vector<ContactId>(max_lease + 1)); }), "invalid:limit");
}

TEST_P(HandoffTest, without_its_segment_or_topic_nobody_more_is_leased_and_the_leased_can_be_confirmed) {
  join({"ada@example.com", "bob@example.com"});
  Handoff about_news = worker();
  Handoff about_other = roll.handoff(all, other, "w");
  const Batch batch = about_news.lease(1);
  const Batch about = about_other.lease(1);
  roll.topics().remove(news);
  EXPECT_EQ(outcome_of([&] { about_news.lease(1); }), "not_found:topic_not_found");
  EXPECT_EQ(shown(about_news.confirm(batch.lease)), "1 done");
  roll.segments().remove(all);
  EXPECT_EQ(outcome_of([&] { about_other.lease(1); }), "not_found:segment_not_found");
  EXPECT_EQ(shown(about_other.confirm(about.lease)), "1 done");
}

TEST_P(HandoffTest, a_lease_is_confirmed_by_its_id_alone) {
  join({"ada@example.com"});
  const Batch batch = worker("w", {.broadcast = "March"}).lease(1);
  EXPECT_EQ(roll.handoff_of(batch.lease).status().broadcast.name, "March");
  EXPECT_EQ(shown(roll.handoff_of(batch.lease).confirm(batch.lease)), "1 done");
}

TEST_P(HandoffTest, a_call_looks_at_a_bounded_number_of_members_and_the_next_goes_on) {
  constexpr int members = 20500;  // more than one call looks at
  std::string file = "email,unsubscribed\n";
  for (int person = 0; person < members; ++person) file += "p" + std::to_string(person) + "@example.com,true\n";
  roll.contacts().import_file(folder().write("out.csv", file), {.segments = {"All"}}).apply();
  join({"in@example.com"});
  Handoff handoff = worker();
  Emails found;
  int calls = 0;
  for (bool done = false; !done; ++calls) {
    const Batch batch = handoff.lease(5);
    found.merge(emails_of(batch));
    done = batch.done;
    EXPECT_TRUE(!done || calls >= 2) << "two calls for a walk; one walk finds somebody, and one nobody";
    ASSERT_LT(calls, 9);
  }
  EXPECT_EQ(found, Emails{"in@example.com"});
}

TEST_P(HandoffTest, an_expression_of_segments_is_leased_as_one) {
  roll.properties().define("plan", PropertyType::string);
  const Segment churned = roll.segments().create("Churned");
  const Segment pro = roll.segments().create("Pro", "plan = 'pro'");
  for (const char* email : {"ada@example.com", "bob@example.com", "cy@example.com", "dee@example.com"}) {
    roll.contacts().add({.email = email, .properties = {{"plan", std::string("pro")}}, .segments = {all}});
  }
  join("free@example.com");
  roll.segments().add(churned, {"bob@example.com"});
  roll.contacts().add({.email = "elsewhere@example.com", .properties = {{"plan", std::string("pro")}}});
  roll.unsubscribe("cy@example.com", news);
  Handoff handoff = roll.handoff("All & Pro - Churned", news, "w1");
  EXPECT_EQ(emails_of(handoff.lease(1)).size(), 1U);
  // Those who are given back are asked again, and who comes back is found again, as with one segment.
  const Batch second = roll.handoff("All & (Pro - Churned)", news, "w2").lease(10);
  EXPECT_EQ(second.people.size(), 1U);
  EXPECT_EQ(handoff.status().broadcast.name, second.broadcast);
  roll.handoff_of(second.lease).release(second.lease);
  roll.segments().add(churned, {second.people.at(0).id});
  roll.segments().take_out(churned, {"bob@example.com"});
  EXPECT_EQ(lease_all(handoff), Emails{"bob@example.com"});
  EXPECT_EQ(shown(handoff.status().counts), "2 leased, 0 confirmed, 0 released, 1 withdrawn");
  // Static ones alone are read another way.
  EXPECT_EQ(lease_all(roll.handoff("All - Churned", news, "w1")).size(), 3U);
  EXPECT_EQ(lease_all(roll.handoff("Churned | All", no_topic, "w1")).size(), 5U);
}

TEST_P(HandoffTest, a_broadcast_to_an_expression_keeps_to_its_segments) {
  const Segment left = roll.segments().create("Left");
  const Segment right = roll.segments().create("Right");
  join({"ada@example.com", "bob@example.com"});
  roll.segments().add(left, {"ada@example.com"});
  Handoff handoff = roll.handoff("Left | Right", news, "w1", {.broadcast = "March"});
  const Broadcast made = handoff.status().broadcast;
  EXPECT_EQ(made.segment, SegmentNumber{});
  EXPECT_EQ(made.expression, to_string(left.id) + " | " + to_string(right.id));
  roll.segments().rename(right, "Wrong");
  roll.segments().create("Right");
  roll.segments().add(right, {"bob@example.com"});
  EXPECT_EQ(lease_all(handoff), (Emails{"ada@example.com", "bob@example.com"}));
  EXPECT_EQ(roll.handoff("Left | Wrong", news, "w2", {.broadcast = "March"}).status().broadcast.number, made.number);
  for (const char* other_people : {"Left | Right", "Left & Wrong", "Left", "Wrong"}) {
    EXPECT_EQ(outcome_of([&] { (void)roll.handoff(other_people, news, "w2", {.broadcast = "March"}); }),
              "conflict:broadcast_differs")
        << other_people;
  }
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff("Left | Nobody", news, "w2"); }), "not_found:segment_not_found");
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff("Left |", news, "w2"); }), "invalid:expression");
  EXPECT_EQ(outcome_of([&] { (void)roll.handoff("All | All | All | All | All", news, "w2"); }),
            "invalid:broadcast_unnamed");
  EXPECT_EQ(
      outcome_of([&] { (void)roll.handoff("All | All | All | All | All", news, "w2", {.broadcast = "All"}).lease(1); }),
      "done");
  // Whatever the expression does with it: a segment that is gone ends the broadcast, as the only one does.
  roll.segments().remove(right);
  EXPECT_EQ(outcome_of([&] { (void)handoff.lease(1); }), "not_found:segment_not_found");
  EXPECT_EQ(handoff.status().counts.leased, 2U);
}

INSTANTIATE_TEST_SUITE_P(Stores, HandoffTest, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
