#include "mailroll/people/property.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/people/topic.hpp"

namespace mailroll {
namespace {

template <typename T>
std::optional<T> read(PropertyType type, std::string_view text) {
  const auto value = parse_property_value(type, text);
  return value ? std::optional<T>(std::get<T>(*value)) : std::nullopt;
}

std::optional<double> number(std::string_view text) { return read<double>(PropertyType::number, text); }
std::optional<bool> boolean(std::string_view text) { return read<bool>(PropertyType::boolean, text); }

TEST(Property, numbers_are_finite_decimals) {
  EXPECT_EQ(number("3"), 3.0);
  EXPECT_EQ(number("-0.25"), -0.25);
  EXPECT_EQ(number("+7"), 7.0);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("1e3"), 1000.0);
  for (const std::string_view text :
       {"", "forty", "inf", "-inf", "nan", "1e999", "0x10", "1,5", "1 ", " 1", "--1", "+-1", "1.2.3", "-", ".", "+"}) {
    EXPECT_FALSE(number(text)) << text;
  }
}

TEST(Property, booleans_are_the_words_of_the_column_unsubscribed) {
  for (const std::string_view word : {"true", "T", "yes", "Y", "1", "Unsubscribed"})
    EXPECT_EQ(boolean(word), true) << word;
  for (const std::string_view word : {"false", "F", "NO", "n", "0", "subscribed"})
    EXPECT_EQ(boolean(word), false) << word;
  for (const std::string_view word : {"", "maybe", "2", "unsubscribed!", "on"}) EXPECT_FALSE(boolean(word)) << word;
}

TEST(Property, datetimes_and_strings_are_read) {
  EXPECT_EQ(read<Time>(PropertyType::datetime, "2025-11-30"), parse_time("2025-11-30"));
  EXPECT_FALSE(read<Time>(PropertyType::datetime, "soon"));
  EXPECT_EQ(read<std::string>(PropertyType::string, " as it is "), " as it is ");
}

TEST(Property, values_are_written_as_people_write_them_and_read_back) {
  EXPECT_EQ(to_string(PropertyValue(3.0)), "3");
  EXPECT_EQ(to_string(PropertyValue(-0.0)), "0");
  EXPECT_EQ(to_string(PropertyValue(0.1)), "0.1");
  EXPECT_EQ(to_string(PropertyValue(100000.0)), "100000");
  EXPECT_EQ(to_string(PropertyValue(9007199254740992.0)), "9007199254740992");
  EXPECT_EQ(to_string(PropertyValue(true)), "true");
  EXPECT_EQ(to_string(PropertyValue(std::string("x"))), "x");
  EXPECT_EQ(to_string(PropertyValue(*parse_time("2025-11-30"))), "2025-11-30T00:00:00.000000Z");
  for (const double value : {1e300, -2.5e-9, 1.0 / 3.0, 123456789.125, std::numeric_limits<double>::denorm_min()}) {
    EXPECT_EQ(number(to_string(PropertyValue(value))), value);
  }
}

TEST(Property, keys_have_1_to_50_letters_digits_or_underscores) {
  EXPECT_TRUE(is_property_key("Age_2"));
  EXPECT_TRUE(is_property_key(std::string(50, 'k')));
  for (const std::string& key :
       {std::string(), std::string(51, 'k'), std::string("a b"), std::string("a-b"), std::string("é")}) {
    EXPECT_FALSE(is_property_key(key)) << key;
  }
}

TEST(Properties, equal_sets_are_equal_texts_in_the_order_of_keys) {
  const Properties one({{"b", 3.0}, {"a", std::string("x\"y\n")}, {"B", true}, {"t", *parse_time("2025-11-30")}});
  EXPECT_EQ(one.json(), R"({"B":true,"a":"x\"y\n","b":3,"t":{"time":"2025-11-30T00:00:00.000000Z"}})");
  EXPECT_EQ(one, Properties::from_json(one.json()));
  EXPECT_EQ(Properties({{"z", 0.0}}), Properties({{"z", -0.0}}));
}

TEST(Properties, values_come_back_with_their_types) {
  const std::map<std::string, PropertyValue> values{{"s", std::string("Jürgen {\"time\"}")},
                                                    {"n", 0.1},
                                                    {"w", 12.0},
                                                    {"big", 1e300},
                                                    {"b", false},
                                                    {"e", std::string()},
                                                    {"t", time_of(-1)},
                                                    {"one", 1.0}};
  EXPECT_EQ(Properties(values).values(), values);
  EXPECT_EQ(Properties::from_json(Properties(values).json()).values(), values);
}

TEST(Properties, none_is_the_empty_text) {
  EXPECT_TRUE(Properties(std::map<std::string, PropertyValue>{}).empty());
  EXPECT_EQ(Properties().json(), "");
  EXPECT_TRUE(Properties::from_json("").values().empty());
}

TEST(Properties, what_cannot_be_kept_is_invalid) {
  for (const std::map<std::string, PropertyValue>& values : {std::map<std::string, PropertyValue>{{"a b", 1.0}},
                                                             {{"a", std::string("\xFF")}},
                                                             {{"a", std::numeric_limits<double>::infinity()}},
                                                             {{"a", std::numeric_limits<double>::quiet_NaN()}}}) {
    try {
      const Properties properties(values);
      ADD_FAILURE() << properties.json();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::invalid);
    }
  }
}

TEST(Properties, a_text_that_was_never_written_is_corrupt) {
  for (const std::string_view text : {"[]", "null", "{", "{}", "{\"a\":}", "{\"a\":null}", "{\"a\":[1]}",
                                      "{\"a\":{\"time\":\"soon\"}}", "{\"a\":{\"time\":1}}", "{\"a\":{}}"}) {
    try {
      const auto values = Properties::from_json(std::string(text)).values();
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.reason(), "corrupt") << text;
    }
  }
}

TEST(Words, of_every_enumeration_are_read_back) {
  for (const PropertyType type :
       {PropertyType::string, PropertyType::number, PropertyType::boolean, PropertyType::datetime}) {
    EXPECT_EQ(parse_property_type(to_string(type)), type);
  }
  for (const Subscription word : {Subscription::opt_in, Subscription::opt_out}) {
    EXPECT_EQ(parse_subscription(to_string(word)), word);
  }
  for (const Visibility word : {Visibility::private_, Visibility::public_})
    EXPECT_EQ(parse_visibility(to_string(word)), word);
  for (const SuppressionReason word :
       {SuppressionReason::complaint, SuppressionReason::bounce, SuppressionReason::manual}) {
    EXPECT_EQ(parse_suppression_reason(to_string(word)), word);
  }
  EXPECT_EQ(to_string(Visibility::private_), "private");
  EXPECT_FALSE(parse_property_type("String"));
  EXPECT_FALSE(parse_subscription(""));
  EXPECT_FALSE(parse_visibility("public_"));
  EXPECT_FALSE(parse_suppression_reason("unknown"));
}

}  // namespace
}  // namespace mailroll
