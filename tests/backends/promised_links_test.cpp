// Failures that systems like this one really had, about links and hand-off. See promises_test.cpp.
#include <set>

#include "backends/promise_roll.hpp"

namespace mailroll {
namespace {

using test::refusal_of;

class PromisedLinks : public test::PromiseRoll {
 protected:
  void SetUp() override {
    PromiseRoll::SetUp();
    if (IsSkipped()) return;
    all_ = roll().segments().create("All");
    news_ = roll().topics().create(
        {.name = "News", .default_subscription = Subscription::opt_in, .visibility = Visibility::public_});
    offers_ = roll().topics().create(
        {.name = "Offers", .default_subscription = Subscription::opt_in, .visibility = Visibility::public_});
    roll().contacts().add({.email = "ada@example.com", .first_name = "Ada", .segments = {all_}});
  }
  static std::string id_of(const Topic& topic) { return to_string(topic.id); }

  Segment all_;
  Topic news_;
  Topic offers_;
};

TEST_P(PromisedLinks, opening_a_link_changes_nothing_however_often_and_whatever_it_is_for) {
  const std::string before = roll().contacts().export_person("ada@example.com");
  const Confirmation asked = roll().subscribe_to_confirm("bob@example.com", news_);
  const std::string bob = roll().contacts().export_person("bob@example.com");
  for (int times = 0; times < 500; ++times) {
    (void)roll().preferences(leave_token("ada@example.com", times % 2 == 0 ? Scope(news_) : Scope(everything)));
    (void)roll().preferences(asked.token);
  }
  EXPECT_EQ(roll().contacts().export_person("ada@example.com"), before);
  EXPECT_EQ(roll().contacts().export_person("bob@example.com"), bob);
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_default_opt_in);
  EXPECT_EQ(reason("bob@example.com", news_), Reason::unconfirmed);
}

TEST_P(PromisedLinks, one_plain_post_leaves_whenever_it_comes) {
  const std::string token = leave_token("ada@example.com", news_);
  pass(std::chrono::days(3650));
  EXPECT_EQ(roll().act(token, {}).outcome, ActOutcome::left);
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_opted_out);
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_default_opt_in);
}

TEST_P(PromisedLinks, a_post_leaves_with_any_body_or_none) {
  const std::vector<FormFields> bodies = {
      {},
      {{"List-Unsubscribe", "One-Click"}},
      {{"List-Unsubscribe", "Yes"}},
      {{"csrf", "missing"}, {"email", "somebody@example.org"}},
      {{"action", "nonsense"}},
  };
  for (const FormFields& body : bodies) {
    roll().contacts().add({.email = "p@example.com", .segments = {all_}});
    const std::string token = leave_token("p@example.com", news_);
    (void)roll().act(token, body);
    EXPECT_EQ(reason("p@example.com", news_), Reason::topic_opted_out);
    (void)roll().act(token, body);  // and again
    EXPECT_EQ(reason("p@example.com", news_), Reason::topic_opted_out);
    roll().act(token, {{"action", "save"}, {"shown", id_of(news_)}, {"on", id_of(news_)}});
    ASSERT_EQ(reason("p@example.com", news_), Reason::topic_opted_in) << "for the next body";
    pass(std::chrono::seconds(1));
  }
}

TEST_P(PromisedLinks, unticking_every_topic_is_not_leaving_everything_and_saving_lifts_no_such_leaving) {
  const std::string token = leave_token("ada@example.com", news_);
  roll().act(token, {{"action", "save"}, {"shown", id_of(news_)}, {"shown", id_of(offers_)}});
  EXPECT_EQ(reason("ada@example.com", news_), Reason::topic_opted_out);
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_opted_out);
  EXPECT_EQ(reason("ada@example.com", no_topic), Reason::subscribed);

  roll().act(token, {{"action", "all"}});
  const ActResult saved = roll().act(token, {{"action", "save"}, {"shown", id_of(news_)}, {"on", id_of(news_)}});
  EXPECT_TRUE(saved.kept_everything);
  EXPECT_EQ(reason("ada@example.com", news_), Reason::unsubscribed);
  roll().act(token, {{"action", "save"}});
  EXPECT_EQ(reason("ada@example.com", no_topic), Reason::unsubscribed);
}

TEST_P(PromisedLinks, a_topic_that_was_not_shown_is_not_touched) {
  const std::string token = leave_token("ada@example.com", news_);
  const Topic later = roll().topics().create(
      {.name = "Later", .default_subscription = Subscription::opt_in, .visibility = Visibility::public_});
  roll().act(token, {{"action", "save"}, {"shown", id_of(news_)}, {"shown", id_of(offers_)}});
  EXPECT_EQ(reason("ada@example.com", later), Reason::topic_default_opt_in);
  EXPECT_EQ(roll().contacts().show("ada@example.com").topics.back().choice, Said::nothing);
}

TEST_P(PromisedLinks, a_link_of_a_topic_that_is_gone_still_leaves) {
  const std::string token = leave_token("ada@example.com", news_);
  roll().topics().remove(news_);
  EXPECT_EQ(roll().act(token, {}).outcome, ActOutcome::left_all) << "the strictest reading";
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::unsubscribed);
}

TEST_P(PromisedLinks, a_forwarded_mail_can_do_nothing_but_leave_once_it_is_old) {
  const std::string token = leave_token("ada@example.com", news_);
  roll().unsubscribe("ada@example.com", offers_);
  pass(std::chrono::days(31));
  EXPECT_FALSE(roll().preferences(token).may_raise);
  EXPECT_EQ(refusal_of([&] {
              roll().act(token, {{"action", "save"}, {"shown", id_of(offers_)}, {"on", id_of(offers_)}});
            }),
            "not_fresh");
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_opted_out);
  EXPECT_EQ(roll().preferences(token).masked_email.find("ada"), std::string::npos);
  EXPECT_EQ(roll().act(token, {}).outcome, ActOutcome::left);
}

TEST_P(PromisedLinks, a_link_to_leave_confirms_nothing) {
  const Confirmation asked = roll().subscribe_to_confirm("bob@example.com", news_);
  (void)asked;
  const std::string token = leave_token("bob@example.com", news_);
  try {
    (void)roll().act(token, {{"action", "confirm"}});
  } catch (const Error&) {
    // Refused or taken for an opt-out: either will do, but no consent comes of it.
  }
  EXPECT_NE(reason("bob@example.com", news_), Reason::topic_opted_in);
}

TEST_P(PromisedLinks, a_link_signed_before_the_keys_were_rotated_still_leaves) {
  // A store in memory has one door only.
  const auto entered = [&](Actor actor) { return GetParam() == "memory" ? roll() : opened(actor); };
  const std::string first = leave_token("ada@example.com", news_);
  Roll staff = entered(Actor::operator_);
  staff.keys().add(KeyKind::link);
  staff.keys().add(KeyKind::hash);
  staff.keys().rekey();
  const std::string second = leave_token("ada@example.com", offers_);
  Roll later = entered(Actor::api);
  (void)later.act(first, {});
  EXPECT_EQ(later.explain("ada@example.com", news_).reason, Reason::topic_opted_out);
  EXPECT_EQ(later.explain("ada@example.com", offers_).reason, Reason::topic_default_opt_in);
  (void)later.act(second, {});
  EXPECT_EQ(later.explain("ada@example.com", offers_).reason, Reason::topic_opted_out);
}

TEST_P(PromisedLinks, whoever_leaves_while_queued_is_withdrawn_in_the_same_transaction) {
  roll().contacts().add({.email = "bob@example.com", .segments = {all_}});
  Handoff mailer = roll().handoff(all_, news_, "mailer 1");
  const Batch batch = mailer.lease(10);
  ASSERT_EQ(batch.people.size(), 2U);
  roll().act(leave_token("ada@example.com", everything), {});
  const LeaseCounts counts = mailer.status().counts;
  EXPECT_EQ(counts.withdrawn, 1U);
  EXPECT_EQ(counts.leased, 1U);
  const HandoffReport report = mailer.confirm(batch.lease);
  EXPECT_EQ(report.done, 1U);
  EXPECT_EQ(report.withdrawn, 1U);
  pass(std::chrono::hours(25));
  EXPECT_TRUE(mailer.lease(10).people.empty());
}

TEST_P(PromisedLinks, each_person_is_confirmed_once_though_workers_die_and_leases_run_out) {
  std::set<std::string> wanted{"ada@example.com"};
  for (int n = 0; n < 50; ++n) {
    const std::string email = "p" + std::to_string(n) + "@example.com";
    roll().contacts().add({.email = email, .segments = {all_}});
    wanted.insert(email);
  }
  std::multiset<std::string> confirmed;
  for (int round = 0; confirmed.size() < wanted.size() && round < 200; ++round) {
    Handoff worker = roll().handoff(all_, news_, "worker " + std::to_string(round));
    const Batch batch = worker.lease(7);
    if (round % 3 == 0) {  // dies with its lease
      pass(std::chrono::hours(1));
      continue;
    }
    if (round % 3 == 1) {  // gives back half
      std::vector<ContactId> back;
      for (std::size_t at = 0; at < batch.people.size(); at += 2) back.push_back(batch.people[at].id);
      if (!back.empty()) worker.release(batch.lease, back);
      for (std::size_t at = 1; at < batch.people.size(); at += 2) {
        EXPECT_EQ(worker.confirm(batch.lease, {batch.people[at].id}).done, 1U);
        confirmed.insert(batch.people[at].email);
      }
      continue;
    }
    EXPECT_EQ(worker.confirm(batch.lease).done, batch.people.size());
    for (const Recipient& person : batch.people) confirmed.insert(person.email);
  }
  EXPECT_EQ(confirmed, (std::multiset<std::string>(wanted.begin(), wanted.end())));
  pass(std::chrono::hours(1));
  EXPECT_TRUE(roll().handoff(all_, news_, "the last").lease(100).people.empty());
}

TEST_P(PromisedLinks, a_read_that_fails_is_an_error_and_never_an_answer) {
  if (GetParam() == "memory") GTEST_SKIP() << "memory does not fail to be read";
  const std::string token = leave_token("ada@example.com", news_);
  roll().subscribe("ada@example.com", offers_);
  const std::size_t before = events_of("ada@example.com");
  run_beside("ALTER TABLE choices RENAME TO choices_out_of_reach");
  EXPECT_NE(refusal_of([&] {
              roll().act(token, {{"action", "save"}, {"shown", id_of(news_)}, {"shown", id_of(offers_)}});
            }),
            "done");
  EXPECT_NE(refusal_of([&] { (void)roll().explain("ada@example.com", news_); }), "done");
  EXPECT_NE(refusal_of([&] { (void)roll().audience(all_, news_).count(); }), "done");
  run_beside("ALTER TABLE choices_out_of_reach RENAME TO choices");
  EXPECT_EQ(events_of("ada@example.com"), before);
  EXPECT_EQ(reason("ada@example.com", offers_), Reason::topic_opted_in);
}

INSTANTIATE_TEST_SUITE_P(stores, PromisedLinks, test::every_store, [](const auto& store) { return store.param; });

}  // namespace
}  // namespace mailroll
