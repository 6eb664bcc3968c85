// decide(): every row of its table, and that each row beats all later ones.
#include <algorithm>
#include <functional>

#include "consent_events.hpp"

namespace mailroll::testing {
namespace {

/// Everything that decide() is asked with.
struct Case {
  bool exists = true;
  bool in_segment = true;
  Standing standing;
  ScopeState choice;
  Mail mail{.transactional = false, .topic_default = {}, .at = minute(10)};

  [[nodiscard]] Reason reason() const { return decide(exists, in_segment, standing, choice, mail); }
};

void suppress(Case& c, SuppressionReason reason) {
  c.standing.suppressions |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(reason));
}

/// A row of the table: the reason, whether mail goes out, and what makes the row apply.
struct Row {
  Reason reason;
  bool receives;
  std::function<void(Case&)> make;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      {Reason::erased, false, [](Case& c) { c.standing.erased = true; }},
      {Reason::suppressed_complaint, false, [](Case& c) { suppress(c, SuppressionReason::complaint); }},
      {Reason::suppressed_bounce, false, [](Case& c) { suppress(c, SuppressionReason::bounce); }},
      {Reason::suppressed_manual, false, [](Case& c) { suppress(c, SuppressionReason::manual); }},
      {Reason::not_found, false, [](Case& c) { c.exists = false; }},
      {Reason::not_in_segment, false, [](Case& c) { c.in_segment = false; }},
      {Reason::transactional, true, [](Case& c) { c.mail.transactional = true; }},
      {Reason::unsubscribed, false, [](Case& c) { c.standing.everything.said = Said::opt_out; }},
      {Reason::topic_opted_out, false, [](Case& c) { c.choice.said = Said::opt_out; }},
      {Reason::unconfirmed, false, [](Case& c) { c.choice.said = c.standing.everything.said = Said::pending; }},
      {Reason::consent_expired, false,
       [](Case& c) {
         c.choice.said = Said::opt_in;
         c.choice.valid_until = minute(9);
       }},
      {Reason::topic_opted_in, true, [](Case& c) { c.choice.said = Said::opt_in; }},
      {Reason::topic_default_opt_out, false, [](Case& c) { c.mail.topic_default = Subscription::opt_out; }},
      {Reason::topic_default_opt_in, true, [](Case& c) { c.mail.topic_default = Subscription::opt_in; }},
      {Reason::subscribed, true, [](Case&) {}},
  };
  return rows;
}

TEST(Decide, each_row_alone_gives_its_reason_and_verdict) {
  ASSERT_EQ(table().size(), reason_count);
  for (const Row& row : table()) {
    SCOPED_TRACE(to_string(row.reason));
    Case c;
    row.make(c);
    EXPECT_EQ(c.reason(), row.reason);
    EXPECT_EQ(receives(c.reason()), row.receives);
  }
}

TEST(Decide, each_row_beats_every_later_row_that_can_apply_with_it) {
  for (std::size_t i = 0; i < table().size(); ++i) {
    const Row& row = table()[i];
    Case all;  // this row and all later ones; the earliest has the last word over a field that they share
    for (std::size_t j = table().size(); j-- > i + 1;) {
      const Row& later = table()[j];
      // By definition a contact is missed only by mail that is not transactional.
      if (row.reason == Reason::not_found && later.reason == Reason::transactional) continue;
      later.make(all);
      SCOPED_TRACE(std::string(to_string(row.reason)) + " over " + std::string(to_string(later.reason)));
      Case pair;
      later.make(pair);
      row.make(pair);
      EXPECT_EQ(pair.reason(), row.reason);
    }
    SCOPED_TRACE(std::string(to_string(row.reason)) + " over all later ones");
    row.make(all);
    EXPECT_EQ(all.reason(), row.reason);
  }
}

TEST(Decide, transactional_mail_needs_no_contact_and_no_consent_but_obeys_suppression_erasure_and_segment) {
  Case c;
  c.mail.transactional = true;
  c.exists = false;
  c.standing.everything = {Said::opt_out, {Actor::person}, {}, false, event_id(1)};
  EXPECT_EQ(c.reason(), Reason::transactional);
  c.in_segment = false;
  EXPECT_EQ(c.reason(), Reason::not_in_segment);
  suppress(c, SuppressionReason::manual);
  EXPECT_EQ(c.reason(), Reason::suppressed_manual);
  c.standing.erased = true;
  EXPECT_EQ(c.reason(), Reason::erased);
}

TEST(Decide, a_contact_pending_as_a_whole_is_unconfirmed_for_every_topic_and_for_none) {
  for (std::optional<Subscription> topic :
       {std::optional<Subscription>{}, std::optional(Subscription::opt_in), std::optional(Subscription::opt_out)}) {
    for (Said said : {Said::nothing, Said::opt_in, Said::pending}) {
      Case c;
      c.standing.everything.said = Said::pending;
      c.choice.said = said;
      c.mail.topic_default = topic;
      EXPECT_EQ(c.reason(), Reason::unconfirmed);
      c.choice.valid_until = minute(9);  // unconfirmed comes before expired
      EXPECT_EQ(c.reason(), Reason::unconfirmed);
    }
  }
}

TEST(Decide, consent_ends_at_the_very_time_it_is_valid_until_whatever_the_default) {
  for (Subscription topic : {Subscription::opt_in, Subscription::opt_out}) {
    Case c;
    c.mail.topic_default = topic;
    c.choice.said = Said::opt_in;
    c.choice.valid_until = minute(10) + std::chrono::microseconds(1);
    EXPECT_EQ(c.reason(), Reason::topic_opted_in);
    c.choice.valid_until = minute(10);
    EXPECT_EQ(c.reason(), Reason::consent_expired);
  }
}

TEST(Decide, an_opt_in_of_the_topic_overcomes_its_default_but_not_leaving_everything) {
  Case c;
  c.mail.topic_default = Subscription::opt_out;
  c.choice.said = Said::opt_in;
  EXPECT_EQ(c.reason(), Reason::topic_opted_in);
  c.standing.everything.said = Said::opt_out;
  EXPECT_EQ(c.reason(), Reason::unsubscribed);
}

TEST(Decide, an_unknown_suppression_is_never_mailed) {
  Case c;
  c.standing.suppressions = 1U << 6U;
  EXPECT_FALSE(receives(c.reason()));
}

TEST(Decide, every_reason_has_its_own_word) {
  std::vector<std::string_view> seen;
  for (std::size_t i = 0; i < reason_count; ++i) {
    const std::string_view word = to_string(static_cast<Reason>(i));
    EXPECT_NE(word, "?");
    EXPECT_EQ(std::count(seen.begin(), seen.end(), word), 0);
    seen.push_back(word);
  }
}

}  // namespace
}  // namespace mailroll::testing
