// Expressions over segments, on a store: the same people as the sets that they are made of.
#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

using Emails = std::set<std::string>;

class AudienceAlgebra : public EachStore {
 protected:
  AudienceAlgebra()
      : roll(open_as(Actor::operator_)),
        news(roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in})) {
    for (const char* name : {"A", "B", "C d"}) segments.push_back(roll.segments().create(name));
    std::mt19937 dice(7);
    for (int n = 0; n < 300; ++n) {
      const std::string email = "p" + std::to_string(n) + "@example.com";
      NewContact contact{.email = email};
      for (const Segment& segment : segments) {
        if (dice() % 2 == 0) continue;
        contact.segments.emplace_back(segment);
        members[segment.name].insert(email);
      }
      roll.contacts().add(contact);
      if (n % 5 != 0) continue;
      roll.unsubscribe(email, n % 2 == 0 ? Scope(everything) : Scope(news));
      left.insert(email);
    }
  }

  Emails listed(const SegmentRef& expression) {
    Emails found;
    ContactId last;
    for (const Recipient& person : roll.audience(expression, news)) {
      EXPECT_LT(last, person.id);
      last = person.id;
      found.insert(person.email);
    }
    return found;
  }

  /// Each with the members that it has.
  std::map<std::string, Emails> cases() {
    const Emails &a = members["A"], &b = members["B"], &c = members["C d"];
    const auto both = [](const Emails& x, const Emails& y) {
      Emails out;
      std::ranges::set_intersection(x, y, std::inserter(out, out.end()));
      return out;
    };
    const auto any = [](const Emails& x, const Emails& y) {
      Emails out = x;
      out.insert(y.begin(), y.end());
      return out;
    };
    const auto without = [](const Emails& x, const Emails& y) {
      Emails out;
      std::ranges::set_difference(x, y, std::inserter(out, out.end()));
      return out;
    };
    return {{"A & B", both(a, b)},
            {"A | 'C d'", any(a, c)},
            {"A - B", without(a, b)},
            {"A & B - 'C d'", both(a, without(b, c))},
            {"(A | B) - 'C d'", without(any(a, b), c)},
            {"A - A", {}},
            {"A & A", a}};
  }

  Roll roll;
  Topic news;
  std::vector<Segment> segments;
  std::map<std::string, Emails> members;
  Emails left;
};

TEST_P(AudienceAlgebra, list_and_count_are_the_sets) {
  for (const auto& [expression, expected] : cases()) {
    Emails receiving;
    std::ranges::set_difference(expected, left, std::inserter(receiving, receiving.end()));
    EXPECT_EQ(listed(expression), receiving) << expression;
    const Counts counts = roll.audience(expression, news).count();
    EXPECT_EQ(counts.members, expected.size()) << expression;
    EXPECT_EQ(counts.receives, receiving.size()) << expression;
    std::uint64_t sum = 0;
    for (const std::uint64_t reason : counts.by_reason) sum += reason;
    EXPECT_EQ(sum, counts.members) << expression;
  }
}

TEST_P(AudienceAlgebra, pages_and_partitions_lose_nobody) {
  const Audience audience = roll.audience("(A | B) - 'C d'", news);
  const Emails whole = listed("(A | B) - 'C d'");
  for (const std::size_t limit : {1U, 3U, 70U}) {
    Emails paged;
    std::optional<ContactId> after;
    for (auto page = audience.page(after, limit); !page.empty(); page = audience.page(after, limit)) {
      for (const Recipient& person : page) EXPECT_TRUE(paged.insert(person.email).second);
      after = page.back().id;
    }
    EXPECT_EQ(paged, whole) << limit;
  }
  Emails parted;
  for (int part = 1; part <= 3; ++part) {
    for (const Recipient& person : audience.partition(part, 3)) EXPECT_TRUE(parted.insert(person.email).second);
  }
  EXPECT_EQ(parted, whole);
}

TEST_P(AudienceAlgebra, a_reader_of_a_part_who_dies_goes_on_after_the_last_id) {
  roll.segments().create("Dynamic", "email like '%3@example.com' or in_segment('B')");
  for (const char* meant : {"A", "(A | B) - 'C d'", "Dynamic", "A & Dynamic"}) {
    std::vector<ContactId> whole;
    for (const Recipient& person : roll.audience(meant, news)) whole.push_back(person.id);
    ASSERT_GT(whole.size(), 20U) << meant;
    std::vector<ContactId> parted;
    for (int part = 1; part <= 4; ++part) {
      const std::size_t before = parted.size();
      const Audience audience = roll.audience(meant, news).partition(part, 4);
      for (const Recipient& person : audience) parted.push_back(person.id);
      const std::vector<ContactId> own(parted.begin() + static_cast<std::ptrdiff_t>(before), parted.end());
      ASSERT_FALSE(own.empty()) << meant;
      for (std::size_t dead = 0; dead <= own.size(); dead += 5) {
        std::vector<ContactId> read(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(dead));
        const auto next = [&] { return audience.page(read.empty() ? std::nullopt : std::optional(read.back()), 7); };
        for (auto page = next(); !page.empty(); page = next()) {
          for (const Recipient& person : page) read.push_back(person.id);
        }
        EXPECT_EQ(read, own) << meant << ", part " << part << ", dead after " << dead;
      }
      // An id of another part does not lead out of this one.
      EXPECT_EQ(audience.page(whole.front(), 1).empty(), part == 1 && own.size() == 1) << meant;
      EXPECT_TRUE(audience.page(own.back(), 1).empty()) << meant;
    }
    EXPECT_EQ(parted, whole) << meant << ": disjoint, complete, and in order";
  }
}

TEST_P(AudienceAlgebra, counts_of_parts_add_up_by_reason) {
  roll.segments().create("Dynamic", "email like '%3@example.com' or in_segment('B')");
  for (const char* meant : {"A", "(A | B) - 'C d'", "Dynamic", "A & Dynamic"}) {
    const Counts whole = roll.audience(meant, news).count();
    Counts sum;
    for (int part = 1; part <= 5; ++part) {
      const Counts counts = roll.audience(meant, news).partition(part, 5).count();
      sum.members += counts.members;
      sum.receives += counts.receives;
      for (std::size_t reason = 0; reason < reason_count; ++reason) sum.by_reason[reason] += counts.by_reason[reason];
    }
    EXPECT_EQ(sum.members, whole.members) << meant;
    EXPECT_EQ(sum.receives, whole.receives) << meant;
    EXPECT_EQ(sum.by_reason, whole.by_reason) << meant;
    EXPECT_GT(whole[Reason::topic_opted_out], 0U) << meant;
    EXPECT_GT(whole[Reason::unsubscribed], 0U) << meant;
  }
}

TEST_P(AudienceAlgebra, explain_list_and_export_take_expressions_too) {
  for (const auto& [expression, expected] : cases()) {
    Emails not_in;
    for (int n = 0; n < 20; ++n) {
      const std::string email = "p" + std::to_string(n) + "@example.com";
      const bool outside = roll.explain(email, no_topic, expression).reason == Reason::not_in_segment;
      EXPECT_EQ(outside, !expected.contains(email)) << expression;
    }
    Emails contacts;
    std::optional<ContactId> after;
    for (auto page = roll.contacts().list(after, 50, expression); !page.empty();
         page = roll.contacts().list(after, 50, expression)) {
      for (const Contact& contact : page) contacts.insert(contact.email);
      after = page.back().id;
    }
    EXPECT_EQ(contacts, expected) << expression;
    const auto sink = [](std::string_view) {};
    EXPECT_EQ(roll.contacts().export_to(sink, ExportFormat::csv, expression), expected.size()) << expression;
  }
}

TEST_P(AudienceAlgebra, operators_on_segments_say_the_same_as_the_text) {
  const Segment &a = segments[0], &b = segments[1], &c = segments[2];
  EXPECT_EQ(listed(a & (b - c)), listed("A & B - 'C d'"));
  EXPECT_EQ(listed((a | b) - c), listed("(A | B) - 'C d'"));
  EXPECT_EQ(roll.audience(a & b, no_topic).segment(), std::nullopt);
  EXPECT_EQ(roll.audience(a, no_topic).segment(), a);
}

TEST_P(AudienceAlgebra, a_name_with_operators_in_it_stays_a_name) {
  const Segment odd = roll.segments().create("A & B");
  EXPECT_EQ(roll.audience("A & B", no_topic).segment(), odd);
  EXPECT_EQ(outcome_of([&] { (void)roll.audience("A & Bee", no_topic); }), "not_found:segment_not_found");
  EXPECT_EQ(outcome_of([&] { (void)roll.audience("A &", no_topic); }), "invalid:expression");
}

INSTANTIATE_TEST_SUITE_P(Stores, AudienceAlgebra, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
