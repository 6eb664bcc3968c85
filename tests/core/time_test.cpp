#include "mailroll/time.hpp"

#include <gtest/gtest.h>

namespace mailroll {
namespace {

std::string again(std::string_view text) {
  const auto time = parse_time(text);
  return time ? format_time(*time) : "nothing";
}

TEST(Time, is_read_in_the_forms_that_exports_write) {
  EXPECT_EQ(again("2025-11-30T20:41:40.84216Z"), "2025-11-30T20:41:40.842160Z");
  EXPECT_EQ(again("2025-11-30t20:41:40z"), "2025-11-30T20:41:40.000000Z");
  for (const std::string_view offset : {"", "Z", "+00", "+00:00", "+0000", "-00:00"}) {
    EXPECT_EQ(again("2025-11-30 20:41:40.84216" + std::string(offset)), "2025-11-30T20:41:40.842160Z") << offset;
  }
  EXPECT_EQ(again("2025-11-30"), "2025-11-30T00:00:00.000000Z");
}

TEST(Time, offsets_are_taken_away) {
  EXPECT_EQ(again("2025-11-30T20:41:40+05:30"), "2025-11-30T15:11:40.000000Z");
  EXPECT_EQ(again("2025-12-31T20:00:00-08"), "2026-01-01T04:00:00.000000Z");
}

TEST(Time, fractions_beyond_microseconds_are_cut) {
  EXPECT_EQ(again("2025-11-30T20:41:40.9999999Z"), "2025-11-30T20:41:40.999999Z");
  EXPECT_EQ(again("2025-11-30T20:41:40.1Z"), "2025-11-30T20:41:40.100000Z");
  EXPECT_EQ(again("2025-11-30T20:41:40.000000000000000000000001Z"), "2025-11-30T20:41:40.000000Z");
}

TEST(Time, of_days_that_months_do_not_have_is_nothing) {
  EXPECT_EQ(again("2024-02-29"), "2024-02-29T00:00:00.000000Z");
  for (const std::string_view text :
       {"2025-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01"}) {
    EXPECT_EQ(again(text), "nothing") << text;
  }
}

TEST(Time, of_another_form_is_nothing) {
  for (const std::string_view text : {"",
                                      "yesterday",
                                      "2025-11-30T",
                                      "2025-11-30T20",
                                      "2025-11-30T20:41",
                                      "2025-11-30T24:00:00Z",
                                      "2025-11-30T20:60:00Z",
                                      "2025-11-30T20:41:60Z",
                                      "2025-11-30T20:41:40.Z",
                                      "2025-11-30T20:41:40,5Z",
                                      "2025-11-30T20:41:40ZZ",
                                      "2025-11-30Z",
                                      "2025-11-30T20:41:40+5",
                                      "2025-11-30T20:41:40+24:00",
                                      "2025-11-30T20:41:40+00:",
                                      "2025-11-30T20:41:40+00:60",
                                      "2025-11-30T20:41:40 UTC",
                                      "30.11.2025",
                                      "11/30/2025",
                                      "20251130",
                                      "25-11-30",
                                      "2025-1-3",
                                      " 2025-11-30",
                                      "2025-11-30 ",
                                      "1764535300",
                                      "+2025-11-30",
                                      "-025-11-30"}) {
    EXPECT_EQ(again(text), "nothing") << text;
  }
}

TEST(Time, stays_within_the_years_1_to_9999) {
  EXPECT_EQ(again("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000000Z");
  EXPECT_EQ(again("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(again("0001-01-01T00:00:00+01:00"), "nothing");
  EXPECT_EQ(again("9999-12-31T23:59:59-01:00"), "nothing");
}

TEST(Time, written_and_read_is_the_same_also_before_1970) {
  for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, std::int64_t{1764535300842160},
                                    std::int64_t{-62135596800000000}, std::int64_t{253402300799999999}}) {
    EXPECT_EQ(parse_time(format_time(time_of(micros))), time_of(micros)) << micros;
  }
  EXPECT_EQ(format_time(time_of(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(microseconds(*parse_time("1970-01-01T00:00:01Z")), 1'000'000);
}

TEST(Time, of_the_system_is_later_than_this_test) { EXPECT_GT(system_now(), *parse_time("2025-11-30")); }

TEST(Duration, is_a_whole_number_and_a_unit) {
  using namespace std::chrono_literals;
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("12h"), 12h);
  EXPECT_EQ(parse_duration("30d"), std::chrono::days(30));
  EXPECT_EQ(parse_duration("2w"), std::chrono::days(14));
  EXPECT_EQ(parse_duration("0d"), 0s);
  EXPECT_EQ(parse_duration("36500d"), std::chrono::days(36500));
  for (const char* text : {"", "d", "30", "30 d", " 30d", "30D", "1.5d", "-1d", "+1d", "1d12h", "30days", "1y",
                           "36501d", "5215w", "99999999999999999999s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mailroll
