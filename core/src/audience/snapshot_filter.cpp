// Each condition is answered for a block of contacts at a time, in two sets: of whom it is true, and of whom it may be, which
// is true or unknown. So `and` and `or` are those of both sets, and `not` turns one into the other.
#include "audience/snapshot_filter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "audience/snapshot_fields.hpp"
#include "audience/snapshot_questions.hpp"
#include "audience/text_scanner.hpp"
#include "mailroll/error.hpp"
#include "store/filter_values.hpp"

namespace mailroll::detail {

namespace {

/// 1 KiB of each set: filters may be a hundred brackets deep, with two blocks for each.
constexpr std::size_t filtered_words = 128;
using Block = std::array<Word, filtered_words>;

constexpr TextKind not_loaded_text{.what = "the filter", .reason = "not_loaded"};

struct Range {
  std::size_t first = 0;  ///< word
  std::size_t words = 0;
  std::size_t contacts = 0;  ///< all there are: whoever is behind them has no values
};

/// Fills both sets for a range.
using Condition = std::function<void(const Range& range, Word* yes, Word* may)>;

/// holds(ordinal) of each contact of the range, as bits.
template <typename Holds>
void each_bit(const Range& range, Word* out, const Holds& holds) {
  for (std::size_t word = 0; word < range.words; ++word) {
    const std::size_t begin = (range.first + word) * word_bits;
    const std::size_t count = begin < range.contacts ? std::min(word_bits, range.contacts - begin) : 0;
    Word bits = 0;
    for (std::size_t bit = 0; bit < count; ++bit) bits |= static_cast<Word>(holds(begin + bit)) << bit;
    out[word] = bits;
  }
}

/// What is so of values that are known, and unknown of the others.
void only_of(const Bits& known, const Range& range, Word* yes, Word* may) {
  const Word* there = known.words() + range.first;
  for (std::size_t word = 0; word < range.words; ++word) {
    yes[word] &= there[word];
    may[word] = yes[word] | ~there[word];
  }
}

/// A set that is never unknown. `set` lives as long as the columns.
Condition is_in(const Bits& set) {
  return [&set](const Range& range, Word* yes, Word* may) {
    std::copy_n(set.words() + range.first, range.words, yes);
    std::copy_n(yes, range.words, may);
  };
}

Condition constant(Truth truth) {
  return [truth](const Range& range, Word* yes, Word* may) {
    std::fill_n(yes, range.words, truth == Truth::yes ? ~Word{0} : Word{0});
    std::fill_n(may, range.words, truth == Truth::no ? Word{0} : ~Word{0});
  };
}

/// Of each known value of a column by itself. Value is what the column has: a text, a number, microseconds or a boolean.
template <typename Value, typename Holds>
Condition of_values(const FieldColumn& column, const Holds& holds) {
  const auto filled = [&column](auto fill) {
    return [&column, fill = std::move(fill)](const Range& range, Word* yes, Word* may) {
      fill(range, yes);
      only_of(column.known, range, yes, may);
    };
  };
  if constexpr (std::is_same_v<Value, std::string_view>) {
    std::vector<std::uint8_t> of_text(column.texts.size());
    for (std::size_t n = 0; n < of_text.size(); ++n) of_text[n] = holds(column.texts[n]) ? 1 : 0;
    return filled([&column, of_text = std::move(of_text)](const Range& range, Word* yes) {
      each_bit(range, yes, [places = column.places.data(), answers = of_text.data()](std::size_t ordinal) {
        return answers[places[ordinal]];
      });
    });
  } else if constexpr (std::is_same_v<Value, bool>) {
    const Word of_true = holds(true) ? ~Word{0} : 0;
    const Word of_false = holds(false) ? ~Word{0} : 0;
    return filled([&column, of_true, of_false](const Range& range, Word* yes) {
      const Word* truths = column.truths.words() + range.first;
      for (std::size_t n = 0; n < range.words; ++n) yes[n] = (truths[n] & of_true) | (~truths[n] & of_false);
    });
  } else {
    return filled([&column, holds](const Range& range, Word* yes) {
      const Value* values = nullptr;
      if constexpr (std::is_same_v<Value, double>) values = column.numbers.data();
      if constexpr (std::is_same_v<Value, std::int64_t>) values = column.times.data();
      each_bit(range, yes, [&holds, values](std::size_t ordinal) { return holds(values[ordinal]); });
    });
  }
}

/// `value operation with`, for each operation compiled by itself.
template <typename Value, typename With>
Condition compared_with(const FieldColumn& column, FilterOperation operation, const With& with) {
  switch (operation) {
    case FilterOperation::equal: return of_values<Value>(column, [with](Value value) { return value == with; });
    case FilterOperation::unequal: return of_values<Value>(column, [with](Value value) { return value != with; });
    case FilterOperation::less: return of_values<Value>(column, [with](Value value) { return value < with; });
    case FilterOperation::at_most: return of_values<Value>(column, [with](Value value) { return value <= with; });
    case FilterOperation::greater: return of_values<Value>(column, [with](Value value) { return value > with; });
    case FilterOperation::at_least: return of_values<Value>(column, [with](Value value) { return value >= with; });
    default: return constant(Truth::unknown);
  }
}

/// A filter as conditions over the columns.
class Compiler {
 public:
  explicit Compiler(const SnapshotColumns& columns) : columns_(columns), fields_(*columns.fields) {}

  [[nodiscard]] Condition condition(const Filter& filter) const {
    const auto value = [&](std::size_t n) { return operand(filter.values[n]); };
    switch (filter.operation) {
      case FilterOperation::all:
      case FilterOperation::any: {
        std::vector<Condition> parts;
        parts.reserve(filter.parts.size());
        for (const Filter& part : filter.parts) parts.push_back(condition(part));
        return joined(filter.operation, std::move(parts));
      }
      case FilterOperation::negation: return negated(condition(filter.parts[0]));
      case FilterOperation::one_of: return one_of(filter);
      case FilterOperation::between: {
        const Operand middle = value(0);
        return joined(FilterOperation::all, {comparison(FilterOperation::at_least, middle, value(1)),
                                             comparison(FilterOperation::at_most, middle, value(2))});
      }
      case FilterOperation::like:
      case FilterOperation::starts_with: return text_condition(filter);
      case FilterOperation::is_null: return is_null(value(0));
      case FilterOperation::holds:
        return comparison(FilterOperation::equal, value(0), {.literal = PropertyValue(true)});
      case FilterOperation::in_segment: {
        const auto found = std::ranges::find(columns_.segments, SegmentNumber{filter.number}, &Segment::number);
        if (found == columns_.segments.end()) return constant(Truth::no);
        return is_in(*columns_.members[static_cast<std::size_t>(found - columns_.segments.begin())]);
      }
      case FilterOperation::opted_in: return of_topic(filter, fields_.opted_in);
      case FilterOperation::opted_out: return of_topic(filter, fields_.opted_out);
      case FilterOperation::receives: {
        const std::size_t place = topic_place(filter);
        if (place == columns_.topics.size()) return constant(Truth::no);
        return [who = who_receives(columns_, place + 1)](const Range& range, Word* yes, Word* may) {
          std::copy_n(who.words() + range.first, range.words, yes);
          std::copy_n(yes, range.words, may);
        };
      }
      case FilterOperation::unsubscribed: return is_in(fields_.unsubscribed);
      default: return comparison(filter.operation, value(0), value(1));
    }
  }

 private:
  /// A column, or where there is none, a literal.
  struct Operand {
    const FieldColumn* column = nullptr;
    PropertyValue literal;
    std::chrono::microseconds offset{0};  ///< added to times of the column

    [[nodiscard]] std::optional<PropertyValue> value(std::size_t ordinal) const {
      if (column == nullptr) return literal;
      std::optional<PropertyValue> found = column->value(ordinal);
      if (found) {
        if (auto* time = std::get_if<Time>(&*found)) *time += offset;
      }
      return found;
    }
  };

  [[nodiscard]] Operand operand(const FilterValue& value) const {
    Operand found;
    switch (value.kind) {
      case FilterValue::Kind::literal: found.literal = value.literal; break;
      case FilterValue::Kind::now: found.literal = columns_.as_of; break;
      case FilterValue::Kind::field:
      case FilterValue::Kind::property:
        found.column = fields_.find(value);
        found.offset = value.offset;
        if (found.column == nullptr) {
          throw not_loaded_text.wrong_in(
              value, "the snapshot was loaded without this field or property; name it where the snapshot is loaded");
        }
        return found;
    }
    if (auto* time = std::get_if<Time>(&found.literal)) *time += value.offset;
    return found;
  }

  static Condition joined(FilterOperation operation, std::vector<Condition> parts) {
    if (parts.empty()) return constant(operation == FilterOperation::all ? Truth::yes : Truth::no);
    if (parts.size() == 1) return std::move(parts.front());
    return [operation, parts = std::move(parts)](const Range& range, Word* yes, Word* may) {
      Block other_yes;
      Block other_may;
      parts.front()(range, yes, may);
      const auto join = operation == FilterOperation::all ? keep_both : add_either;
      for (std::size_t n = 1; n < parts.size(); ++n) {
        parts[n](range, other_yes.data(), other_may.data());
        join(yes, other_yes.data(), range.words);
        join(may, other_may.data(), range.words);
      }
    };
  }

  static Condition negated(Condition inner) {
    return [inner = std::move(inner)](const Range& range, Word* yes, Word* may) {
      inner(range, may, yes);
      for (std::size_t word = 0; word < range.words; ++word) {
        yes[word] = ~yes[word];
        may[word] = ~may[word];
      }
    };
  }

  [[nodiscard]] Condition comparison(FilterOperation operation, const Operand& left, const Operand& right) const {
    if (left.column == nullptr && right.column == nullptr) {
      return constant(compared(operation, left.literal, right.literal));
    }
    if (left.column == nullptr) return with_literal(mirrored(operation), right, left.literal);
    if (right.column == nullptr) return with_literal(operation, left, right.literal);
    return [operation, left, right](const Range& range, Word* yes, Word* may) {
      each_bit(range, yes,
               [&](std::size_t n) { return compared(operation, left.value(n), right.value(n)) == Truth::yes; });
      each_bit(range, may,
               [&](std::size_t n) { return compared(operation, left.value(n), right.value(n)) != Truth::no; });
    };
  }

  static Condition with_literal(FilterOperation operation, const Operand& left, const PropertyValue& literal) {
    const FieldColumn& column = *left.column;
    if (type_of(literal) != column.type) return constant(Truth::unknown);
    switch (column.type) {
      case PropertyType::string:
        return compared_with<std::string_view>(column, operation, std::get<std::string>(literal));
      case PropertyType::number: return compared_with<double>(column, operation, std::get<double>(literal));
      case PropertyType::boolean: return compared_with<bool>(column, operation, std::get<bool>(literal));
      case PropertyType::datetime:
        return compared_with<std::int64_t>(column, operation, microseconds(std::get<Time>(literal) - left.offset));
    }
    return constant(Truth::unknown);
  }

  [[nodiscard]] Condition one_of(const Filter& filter) const {
    const Operand left = operand(filter.values[0]);
    std::vector<Condition> parts;
    std::vector<std::string> texts;
    for (std::size_t n = 1; n < filter.values.size(); ++n) {
      const Operand right = operand(filter.values[n]);
      const auto* text = std::get_if<std::string>(&right.literal);
      if (left.column != nullptr && left.column->type == PropertyType::string && right.column == nullptr && text) {
        texts.push_back(*text);  // one look at each text, however many there are to choose from
      } else {
        parts.push_back(comparison(FilterOperation::equal, left, right));
      }
    }
    if (!texts.empty()) {
      std::ranges::sort(texts);
      parts.push_back(of_values<std::string_view>(*left.column, [texts = std::move(texts)](std::string_view text) {
        return std::ranges::binary_search(texts, text, std::less<>());
      }));
    }
    return joined(FilterOperation::any, std::move(parts));
  }

  [[nodiscard]] Condition of_literals(const Filter& filter) const {
    const Person nobody;
    return constant(evaluate(filter, {.person = nobody, .now = columns_.as_of, .topics = {}, .in_segment = {}}));
  }

  [[nodiscard]] Condition text_condition(const Filter& filter) const {
    const Operand left = operand(filter.values[0]);
    if (left.column == nullptr) return of_literals(filter);
    const auto* pattern = std::get_if<std::string>(&filter.values[1].literal);
    if (pattern == nullptr) return constant(Truth::unknown);
    const bool like = filter.operation == FilterOperation::like;
    return of_values<std::string_view>(*left.column, [like, pattern = *pattern](std::string_view text) {
      return like ? is_like(text, pattern) : text.starts_with(pattern);
    });
  }

  static Condition is_null(const Operand& value) {
    if (value.column == nullptr) return constant(Truth::no);
    return [&column = *value.column](const Range& range, Word* yes, Word* may) {
      const Word* known = column.known.words() + range.first;
      for (std::size_t word = 0; word < range.words; ++word) yes[word] = ~known[word];
      const std::size_t begin = range.first * word_bits;
      for (auto other = column.others.lower_bound(begin); other != column.others.end(); ++other) {
        const std::size_t bit = other->first - begin;
        if (bit >= range.words * word_bits) break;
        yes[bit / word_bits] &= ~(Word{1} << (bit % word_bits));
      }
      std::copy_n(yes, range.words, may);
    };
  }

  [[nodiscard]] std::size_t topic_place(const Filter& filter) const {
    const auto found = std::ranges::find(columns_.topics, TopicNumber{filter.number}, &Topic::number);
    return static_cast<std::size_t>(found - columns_.topics.begin());
  }

  [[nodiscard]] Condition of_topic(const Filter& filter, const std::vector<Bits>& sets) const {
    const std::size_t place = topic_place(filter);
    return place == sets.size() ? constant(Truth::no) : is_in(sets[place]);
  }

  const SnapshotColumns& columns_;
  const SnapshotFields& fields_;
};

}  // namespace

Bits people_where(const SnapshotColumns& columns, const Filter& filter) {
  const Condition condition = Compiler(columns).condition(filter);
  const std::size_t contacts = columns.ids.ordinals();
  Bits who = columns.nobody();
  Block may;
  for (std::size_t first = 0; first < columns.words(); first += filtered_words) {
    const Range range{.first = first, .words = std::min(filtered_words, columns.words() - first), .contacts = contacts};
    condition(range, who.words() + first, may.data());
  }
  // Behind the last contact `not` has made bits of nobody.
  for (std::size_t word = contacts / word_bits; word < who.word_count(); ++word) {
    const bool is_last = word == contacts / word_bits;
    who.words()[word] &= is_last ? (Word{1} << (contacts % word_bits)) - 1 : 0;
  }
  return who;
}

}  // namespace mailroll::detail
