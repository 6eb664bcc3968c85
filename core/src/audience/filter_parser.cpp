#include <array>
#include <cmath>
#include <utility>

#include "audience/filter_words.hpp"
#include "mailroll/audience/filter.hpp"

namespace mailroll {

namespace {

using detail::filter_text;
using detail::FilterWord;
using Kind = FilterWord::Kind;

constexpr double longest_interval = 36500.0 * 86400;  // seconds

std::optional<FilterField> field_named(std::string_view name) {
  for (std::uint8_t n = 0; n <= static_cast<std::uint8_t>(FilterField::updated_at); ++n) {
    if (name == to_string(static_cast<FilterField>(n))) return static_cast<FilterField>(n);
  }
  return {};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text, filter_text, max_filter_length) { step(); }

  Filter whole() {
    Filter filter = any();
    if (word_.kind == Kind::end) return filter;
    if (word_.is_sign(")")) throw wrong("there is no ( for this )");
    throw wrong("there is `and` or `or` missing before this");
  }

 private:
  Filter any() {
    return joined(FilterOperation::any, "or", [this] { return all(); });
  }
  Filter all() {
    return joined(FilterOperation::all, "and", [this] { return condition(); });
  }

  template <typename Part>
  Filter joined(FilterOperation operation, std::string_view keyword, Part part) {
    Filter first = part();
    if (!word_.is_keyword(keyword)) return first;
    Filter whole = made(operation);
    whole.parts.push_back(std::move(first));
    while (take_keyword(keyword)) whole.parts.push_back(part());
    return whole;
  }

  Filter condition() {
    if (++conditions_ > max_filter_conditions) throw wrong("there are too many conditions in one filter");
    if (word_.is_keyword("not")) {
      Filter negation = made(FilterOperation::negation);
      step();
      deeper();
      negation.parts.push_back(condition());
      --depth_;
      return negation;
    }
    if (word_.is_sign("(")) {
      step();
      deeper();
      Filter inside = any();
      expect(")");
      --depth_;
      return inside;
    }
    static constexpr std::array<std::pair<std::string_view, FilterOperation>, 4> calls{
        {{"in_segment", FilterOperation::in_segment},
         {"opted_in", FilterOperation::opted_in},
         {"opted_out", FilterOperation::opted_out},
         {"receives", FilterOperation::receives}}};
    for (const auto& [keyword, operation] : calls) {
      if (word_.is_keyword(keyword)) return call(operation);
    }
    if (word_.is_keyword("unsubscribed")) {
      Filter filter = made(FilterOperation::unsubscribed);
      step();
      return filter;
    }
    return comparison();
  }

  Filter call(FilterOperation operation) {
    Filter filter = made(operation);
    step();
    expect("(");
    if (word_.kind != Kind::text) throw wrong("there is a name or id in 'quotes' missing here");
    filter.column = word_.column;
    filter.name = word_.content;
    step();
    expect(")");
    return filter;
  }

  Filter comparison() {
    FilterValue left = value();
    static constexpr std::array<std::pair<std::string_view, FilterOperation>, 7> signs{
        {{"=", FilterOperation::equal},
         {"!=", FilterOperation::unequal},
         {"<>", FilterOperation::unequal},
         {"<", FilterOperation::less},
         {"<=", FilterOperation::at_most},
         {">", FilterOperation::greater},
         {">=", FilterOperation::at_least}}};
    for (const auto& [sign, operation] : signs) {
      if (!word_.is_sign(sign)) continue;
      Filter filter = made(operation);
      step();
      filter.values = {std::move(left), value()};
      return filter;
    }
    const std::size_t column = word_.column;
    if (take_keyword("is")) {
      Filter filter = made(FilterOperation::is_null);
      filter.column = column;
      const bool negated = take_keyword("not");
      if (!take_keyword("null")) throw wrong("`is` goes with `null` or `not null`");
      filter.values = {std::move(left)};
      return negated ? negation_of(std::move(filter)) : filter;
    }
    const bool negated = take_keyword("not");
    if (std::optional<Filter> filter = worded(left)) {
      return negated ? negation_of(*std::move(filter)) : *std::move(filter);
    }
    if (negated) throw wrong("`not` goes here with in, between, like or starts with");
    Filter filter = made(FilterOperation::holds);
    filter.column = left.column;
    filter.values = {std::move(left)};
    return filter;
  }

  std::optional<Filter> worded(const FilterValue& left) {
    Filter filter = made(FilterOperation::one_of);
    filter.values = {left};
    if (take_keyword("in")) {
      expect("(");
      do {
        filter.values.push_back(value());
      } while (take_sign(","));
      expect(")");
    } else if (take_keyword("between")) {
      filter.operation = FilterOperation::between;
      filter.values.push_back(value());
      if (!take_keyword("and")) throw wrong("`between` wants `and` and a second value");
      filter.values.push_back(value());
    } else if (take_keyword("like")) {
      filter.operation = FilterOperation::like;
      filter.values.push_back(pattern());
    } else if (take_keyword("starts")) {
      if (!take_keyword("with")) throw wrong("`starts` goes with `with`");
      filter.operation = FilterOperation::starts_with;
      filter.values.push_back(pattern());
    } else {
      return {};
    }
    return filter;
  }

  FilterValue pattern() {
    if (word_.kind != Kind::text) throw wrong("there is a text in 'quotes' missing here");
    return value();
  }

  FilterValue value() {
    if (++values_ > max_filter_conditions) throw wrong("there are too many values in one filter");
    FilterValue value;
    value.column = word_.column;
    const bool negative = word_.is_sign("-");
    if (negative) step();
    if (word_.kind == Kind::number) {
      value.literal = negative ? -word_.number : word_.number;
      step();
      return value;
    }
    if (negative) throw wrong("there is a number missing after -");
    if (word_.kind == Kind::text) {
      value.literal = word_.content;
    } else if (word_.is_keyword("true") || word_.is_keyword("false")) {
      value.literal = word_.is_keyword("true");
    } else if (word_.is_keyword("now")) {
      value.kind = FilterValue::Kind::now;
      step();
      expect("(");
      if (!word_.is_sign(")")) throw wrong("now() takes nothing between its brackets");
    } else if (word_.kind == Kind::quoted_name) {
      value.kind = FilterValue::Kind::property;
      value.property = word_.content;
    } else if (word_.kind == Kind::name && !detail::is_reserved(word_.content)) {
      if (const std::optional<FilterField> field = field_named(word_.content)) {
        value.kind = FilterValue::Kind::field;
        value.field = *field;
      } else {
        value.kind = FilterValue::Kind::property;
        value.property = word_.content;
      }
    } else if (word_.is_keyword("null")) {
      throw wrong("nothing is equal to null; ask `is null` or `is not null`");
    } else {
      throw wrong("there is a field, a property or a value missing here");
    }
    step();
    while (word_.is_sign("+") || word_.is_sign("-")) add_interval(value);
    return value;
  }

  void add_interval(FilterValue& value) {
    const int sign = word_.is_sign("-") ? -1 : 1;
    step();
    if (word_.kind != Kind::number || word_.number != std::floor(word_.number)) {
      throw wrong("there is a whole number of seconds, minutes, hours, days or weeks missing here");
    }
    const double count = word_.number;
    step();
    static constexpr std::array<std::pair<std::string_view, int>, 10> units{{{"second", 1},
                                                                             {"seconds", 1},
                                                                             {"minute", 60},
                                                                             {"minutes", 60},
                                                                             {"hour", 3600},
                                                                             {"hours", 3600},
                                                                             {"day", 86400},
                                                                             {"days", 86400},
                                                                             {"week", 604800},
                                                                             {"weeks", 604800}}};
    for (const auto& [unit, seconds] : units) {
      if (!word_.is_keyword(unit)) continue;
      const double total = static_cast<double>(value.offset.count()) + sign * count * seconds;
      if (std::abs(total) > longest_interval) throw wrong("an interval is at most 36500 days");
      value.offset = std::chrono::seconds(static_cast<std::int64_t>(total));
      step();
      return;
    }
    throw wrong("an interval is in seconds, minutes, hours, days or weeks");
  }

  [[nodiscard]] Filter made(FilterOperation operation) const {
    Filter filter;
    filter.operation = operation;
    filter.column = word_.column;
    return filter;
  }

  static Filter negation_of(Filter part) {
    Filter negation;
    negation.operation = FilterOperation::negation;
    negation.column = part.column;
    negation.parts.push_back(std::move(part));
    return negation;
  }

  void deeper() {
    if (++depth_ > max_filter_depth) throw wrong("there are too many conditions inside each other");
  }

  void step() { word_ = detail::next_word(scanner_); }

  bool take_keyword(std::string_view keyword) {
    const bool there = word_.is_keyword(keyword);
    if (there) step();
    return there;
  }

  bool take_sign(std::string_view sign) {
    const bool there = word_.is_sign(sign);
    if (there) step();
    return there;
  }

  void expect(std::string_view sign) {
    if (!take_sign(sign)) throw wrong("there is a " + std::string(sign) + " missing here");
  }

  [[nodiscard]] Error wrong(const std::string& why) const { return filter_text.wrong(word_.column, why); }

  detail::TextScanner scanner_;
  FilterWord word_;
  std::size_t depth_ = 0;
  std::size_t conditions_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

std::string_view to_string(FilterField field) {
  switch (field) {
    case FilterField::email: return "email";
    case FilterField::email_domain: return "email_domain";
    case FilterField::first_name: return "first_name";
    case FilterField::last_name: return "last_name";
    case FilterField::created_at: return "created_at";
    case FilterField::updated_at: return "updated_at";
  }
  return "";
}

Filter parse_filter(std::string_view text) { return Parser(text).whole(); }

}  // namespace mailroll
