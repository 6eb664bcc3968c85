/// Filters that chance wrote: every operation, every kind of value, as deep and odd as the grammar lets them be.
#pragma once

#include <array>
#include <random>
#include <string>
#include <utility>

#include "mailroll/audience/filter.hpp"

namespace mailroll::testing {

/// Trees as a text gives them, but for columns: what it says need not fit types, unless names and types are made to.
class RandomFilters {
 public:
  explicit RandomFilters(std::uint32_t seed) : dice_(seed) {}

  Filter filter(int depth) {
    const std::size_t kind = depth == 0 ? 3 : below(6);
    if (kind > 2) return leaf();
    Filter filter;
    filter.operation = std::array{FilterOperation::all, FilterOperation::any, FilterOperation::negation}.at(kind);
    const std::size_t parts = kind == 2 ? 1 : 2 + below(3);
    for (std::size_t n = 0; n < parts; ++n) filter.parts.push_back(this->filter(depth - 1));
    return filter;
  }

  std::size_t below(std::size_t bound) { return dice_() % bound; }

 private:
  Filter leaf() {
    Filter filter;
    const auto first = static_cast<std::size_t>(FilterOperation::equal);
    const auto last = static_cast<std::size_t>(FilterOperation::unsubscribed);
    filter.operation = static_cast<FilterOperation>(first + below(last - first + 1));
    switch (filter.operation) {
      case FilterOperation::in_segment:
      case FilterOperation::opted_in:
      case FilterOperation::opted_out:
      case FilterOperation::receives: filter.name = text(); return filter;
      case FilterOperation::unsubscribed: return filter;
      case FilterOperation::like:
      case FilterOperation::starts_with: {
        FilterValue pattern;
        pattern.literal = text();
        filter.values = {value(), pattern};
        return filter;
      }
      default: break;
    }
    std::size_t values = 2;
    if (filter.operation == FilterOperation::between) values = 3;
    if (filter.operation == FilterOperation::one_of) values = 2 + below(4);
    if (filter.operation == FilterOperation::is_null || filter.operation == FilterOperation::holds) values = 1;
    for (std::size_t n = 0; n < values; ++n) filter.values.push_back(value());
    return filter;
  }

  FilterValue value() {
    FilterValue value;
    value.kind = static_cast<FilterValue::Kind>(below(4));
    switch (value.kind) {
      case FilterValue::Kind::literal:
        // Numbers take no interval.
        switch (below(4)) {
          case 0: value.literal = number(); return value;
          case 1: value.literal = below(2) == 0; break;
          case 2: value.literal = text(); break;
          default: value.literal = "2026-02-1" + std::to_string(below(10));
        }
        break;
      case FilterValue::Kind::field: value.field = static_cast<FilterField>(below(6)); break;
      case FilterValue::Kind::property:
        value.property = std::array{"plan", "2nd", "not", "odd name", "\"", "Ö", "now"}.at(below(7));
        break;
      case FilterValue::Kind::now: break;
    }
    static constexpr std::array<std::int64_t, 8> offsets{0, 0, 0, 86400, -86400 * 30, 1, -59, 86400LL * 36500};
    value.offset = std::chrono::seconds(offsets.at(below(offsets.size())));
    return value;
  }

  double number() {
    switch (below(4)) {
      case 0: return static_cast<double>(below(100));
      case 1: return -static_cast<double>(below(1000)) / 8;
      case 2: return static_cast<double>(dice_()) * 1e290;
      default: return 1.0 / static_cast<double>(1 + below(1000));
    }
  }

  std::string text() {
    static constexpr std::array<const char*, 9> letters{"a", "Z", "'", "\"", "\\", "%", " ", "Ö", "{"};
    std::string text;
    for (std::size_t n = below(6); n > 0; --n) text += letters.at(below(letters.size()));
    return text;
  }

  std::mt19937 dice_;
};

}  // namespace mailroll::testing
