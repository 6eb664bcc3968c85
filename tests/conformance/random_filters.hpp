/// Random filters, as check_filter() leaves them, and random people for them: with everything that engines take for something
/// else than it is.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "conformance/random_values.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

class RandomFilters {
 public:
  explicit RandomFilters(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] RandomValues& random() { return random_; }

  ChangeSet people(int count) {
    ChangeSet made;
    for (int number = 0; number < count; ++number) {
      const auto id = random_.id<ContactId>(number);
      if (!random_.chance(8)) made.contacts.push_back(contact(id));
      if (!random_.chance(3)) made.standings.push_back({id, standing()});
      for (int segment = 1; segment <= 3; ++segment) {
        if (random_.chance(2)) made.joined.push_back({id, SegmentNumber{segment}});
      }
      for (int topic = 1; topic <= 4; ++topic) {
        if (random_.chance(2)) made.choices.push_back({id, {TopicNumber{topic}, scope()}});
      }
    }
    return made;
  }

  /// Segments 1 to 3 have members, 4 to 6 filters, each of which may lead to those before it. Of the topics one is gone.
  FilterQuery query() {
    FilterQuery made;
    made.now = now;
    for (int number = 1; number <= 3; ++number) {
      Topic topic;
      topic.number = TopicNumber{number};
      topic.default_subscription = number == 2 ? Subscription::opt_in : Subscription::opt_out;
      made.topics.push_back(topic);
    }
    for (last_segment_ = 3; last_segment_ < 6;) {
      Filter rule = filter(2);
      made.segments.emplace(SegmentNumber{++last_segment_}, std::move(rule));
    }
    made.filter = filter(random_.chance(3) ? 4 : 2);
    return made;
  }

 private:
  static constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(12);

  struct Key {
    const char* name;
    PropertyType type;
  };

  template <typename Value>
  Value one_of(const std::vector<Value>& values) {
    return values[static_cast<std::size_t>(random_.below(static_cast<int>(values.size())))];
  }

  Key key() {
    static const std::vector<Key> keys = {
        {"plan", PropertyType::string}, {"plan", PropertyType::string},   {"visits", PropertyType::number},
        {"7x", PropertyType::number},   {"visits", PropertyType::number}, {"beta", PropertyType::boolean},
        {"is", PropertyType::boolean},  {"seen", PropertyType::datetime}, {"seen2", PropertyType::datetime},
        {"time", PropertyType::string}, {"an", PropertyType::string},     {"plan_", PropertyType::string}};
    return one_of(keys);
  }
  std::string text() {
    static const std::vector<std::string> texts = {"",           "pro",
                                                   "Pro",        "pro ",
                                                   " pro",       "pr",
                                                   "prö",        "pro\u0308",
                                                   "日本",       "日",
                                                   "\U0001F4EE", "\"x",
                                                   "a\\",        "a\\b",
                                                   "a\nb",       "\t",
                                                   "\u007f",     "%",
                                                   "p_o",        "'",
                                                   "o'b",        ":v1",
                                                   "null",       "true",
                                                   "3",          "1e3",
                                                   "0",          "\"plan\":\"pro",
                                                   "}",          "{\"time\":\"",
                                                   ",",          "\\u0000",
                                                   "ﬃ",          "ß",
                                                   "STRASSE",    "straße",
                                                   "I",          "ı",
                                                   "2026-03-01", "\uE000",
                                                   "\U00010000", "pro,",
                                                   "$1",         "?"};
    return one_of(texts);
  }
  /// Also with what no filter's text has, and a program may.
  std::string any_text() { return random_.chance(12) ? std::string("a\0b", 3) : text(); }
  double number() {
    static const std::vector<double> numbers = {0.0,
                                                -0.0,
                                                0.1,
                                                0.1 + 0.2,
                                                0.3,
                                                1.0,
                                                3.0,
                                                -3.0,
                                                3.5,
                                                12.0,
                                                120.0,
                                                12.5,
                                                -12.0,
                                                1e300,
                                                -1e300,
                                                1e-7,
                                                1e16,
                                                1e15,
                                                1.0 / 3,
                                                1e22,
                                                1e23,
                                                5e-324,
                                                9007199254740992.0,
                                                9007199254740994.0,
                                                9007199254740991.0,
                                                123456789.123,
                                                2.2250738585072014e-308,
                                                1.7976931348623157e308,
                                                6.0e-5,
                                                299792458.0};
    double made = one_of(numbers);
    if (random_.chance(4)) made = std::nextafter(made, random_.chance(2) ? 1e308 : -1e308);
    return std::isfinite(made) ? made : 0.0;
  }
  Time time() {
    if (random_.chance(10)) return random_.chance(2) ? beginning_of_time : end_of_time();
    return now + std::chrono::hours(24 * (random_.below(9) - 4)) + std::chrono::microseconds(random_.below(3) - 1);
  }
  static Time end_of_time() {
    return std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + std::chrono::hours(24) -
           std::chrono::microseconds(1);
  }
  PropertyValue value(PropertyType type) {
    switch (type) {
      case PropertyType::string: return any_text();
      case PropertyType::number: return number();
      case PropertyType::boolean: return random_.chance(2);
      case PropertyType::datetime: break;
    }
    return time();
  }
  std::string email() {
    static const std::vector<std::string> emails = {"a@example.com",
                                                    "A@example.com",
                                                    "a@mail.example.com",
                                                    "\"a@b\"@example.org",
                                                    "ä@xn--fsq.de",
                                                    "z@example.org",
                                                    "",
                                                    "@",
                                                    "x@",
                                                    "none"};
    return one_of(emails);
  }

  Contact contact(const ContactId& id) {
    Contact made;
    made.id = id;
    made.email = email();
    made.first_name = text();
    made.last_name = random_.chance(3) ? made.first_name : text();
    std::map<std::string, PropertyValue> properties;
    for (int n = random_.below(9); n > 0; --n) {
      const Key one = key();
      // A definition may have gone and come back with another type.
      const auto type = random_.chance(7) ? static_cast<PropertyType>(random_.below(4)) : one.type;
      properties[one.name] = value(type);
    }
    if (!properties.empty()) made.properties = Properties(properties);
    made.created_at = time();
    made.updated_at = time();
    made.key_version = 1;
    made.hash_key = 1;
    return made;
  }
  ScopeState scope() {
    ScopeState made = random_.scope();
    if (made.valid_until) made.valid_until = time();
    return made;
  }
  Standing standing() {
    Standing made = random_.chance(2) ? Standing{} : random_.standing();
    if (random_.chance(2)) made.everything.said = Said::nothing;
    if (random_.chance(2)) made.suppressions = 0;
    return made;
  }

  std::chrono::seconds offset() {
    if (!random_.chance(3)) return std::chrono::seconds(0);
    return std::chrono::hours(24 * (random_.below(7) - 3));
  }
  FilterValue literal(PropertyType type) {
    FilterValue made;
    if (type == PropertyType::datetime) {
      made.offset = offset();
      if (random_.chance(3)) {
        made.kind = FilterValue::Kind::now;
        return made;
      }
    }
    made.literal = value(type);
    return made;
  }
  FilterValue field(PropertyType type) {
    FilterValue made;
    made.kind = FilterValue::Kind::field;
    if (type == PropertyType::datetime) {
      made.field = random_.chance(2) ? FilterField::created_at : FilterField::updated_at;
      made.offset = offset();
    } else {
      made.field = static_cast<FilterField>(random_.below(4));
    }
    return made;
  }
  FilterValue property(const Key& one) {
    FilterValue made;
    made.kind = FilterValue::Kind::property;
    made.property = one.name;
    if (one.type == PropertyType::datetime) made.offset = offset();
    return made;
  }
  bool is_domain(const FilterValue& value) const {
    return value.kind == FilterValue::Kind::field && value.field == FilterField::email_domain;
  }
  FilterValue subject(PropertyType type) {
    if ((type == PropertyType::string || type == PropertyType::datetime) && random_.chance(2)) return field(type);
    for (;;) {
      const Key one = key();
      if (one.type == type) return property(one);
    }
  }
  /// What `subject` is compared with: mostly what somebody may well have.
  FilterValue object(const FilterValue& subject, PropertyType type) {
    if (random_.chance(10)) return this->subject(type);
    FilterValue made = literal(type);
    const bool is_email = subject.kind == FilterValue::Kind::field && subject.field == FilterField::email;
    if (is_email && random_.chance(2)) made.literal = email();
    if (is_domain(subject) && !random_.chance(4)) {
      static const std::vector<std::string> domains = {"example.com", "example.org", "xn--fsq.de", "example", "none"};
      made.literal = one_of(domains);
    }
    return made;
  }

  Filter filter(int depth) {
    Filter made;
    const int turn = random_.below(depth > 0 ? 20 : 14);
    if (turn >= 14) {
      made.operation = turn >= 18   ? FilterOperation::negation
                       : turn >= 16 ? FilterOperation::any
                                    : FilterOperation::all;
      const int parts = made.operation == FilterOperation::negation ? 1 : 2 + random_.below(2);
      for (int n = 0; n < parts; ++n) made.parts.push_back(filter(depth - 1));
      return made;
    }
    if (turn >= 12) {
      question(made);
      return made;
    }
    const auto type = static_cast<PropertyType>(random_.below(4));
    if (turn == 11) {
      made.operation = type == PropertyType::boolean ? FilterOperation::holds : FilterOperation::is_null;
      made.values.push_back(subject(type));
      return made;
    }
    const FilterValue left = subject(type);
    made.values.push_back(left);
    if (turn == 10) {
      made.operation = FilterOperation::one_of;
      for (int n = 1 + random_.below(3); n > 0; --n) made.values.push_back(object(left, type));
      return made;
    }
    if (turn == 9 && type == PropertyType::string) {
      made.operation = random_.chance(2) ? FilterOperation::like : FilterOperation::starts_with;
      FilterValue pattern;
      pattern.literal =
          random_.chance(2) ? std::string("p%o_").substr(0, static_cast<std::size_t>(random_.below(5))) : text();
      // A pattern that check_filter() lets through.
      if (made.operation == FilterOperation::like && std::get<std::string>(pattern.literal).ends_with('\\')) {
        pattern.literal = std::string("%");
      }
      made.values.push_back(pattern);
      return made;
    }
    made.values.push_back(object(left, type));
    if (turn == 8 && type != PropertyType::boolean) {
      made.operation = FilterOperation::between;
      made.values.push_back(object(left, type));
      return made;
    }
    static const std::vector<FilterOperation> signs = {FilterOperation::equal,   FilterOperation::unequal,
                                                       FilterOperation::less,    FilterOperation::at_most,
                                                       FilterOperation::greater, FilterOperation::at_least};
    made.operation = type == PropertyType::boolean ? signs[static_cast<std::size_t>(random_.below(2))] : one_of(signs);
    if (random_.chance(6)) std::swap(made.values[0], made.values[1]);
    return made;
  }

  void question(Filter& made) {
    switch (random_.below(6)) {
      case 0: made.operation = FilterOperation::opted_in; break;
      case 1: made.operation = FilterOperation::opted_out; break;
      case 2: made.operation = FilterOperation::receives; break;
      case 3: made.operation = FilterOperation::unsubscribed; return;
      default: {
        made.operation = FilterOperation::in_segment;
        made.number = 1 + random_.below(last_segment_);
        return;
      }
    }
    made.number = 1 + random_.below(4);
  }

  RandomValues random_;
  int last_segment_ = 3;
};

}  // namespace mailroll::conformance
