#include <algorithm>
#include <utility>

#include "audience/filter_words.hpp"
#include "mailroll/audience/filter.hpp"
#include "mailroll/nearest_name.hpp"

namespace mailroll {

namespace {

using detail::filter_text;

std::string_view in_words(PropertyType type) {
  switch (type) {
    case PropertyType::string: return "a text";
    case PropertyType::number: return "a number";
    case PropertyType::boolean: return "true or false";
    case PropertyType::datetime: return "a time";
  }
  return "";
}

bool is_literal(const FilterValue& value) { return value.kind == FilterValue::Kind::literal; }

class Check {
 public:
  explicit Check(const FilterNames& names) : names_(names) {}

  void filter(Filter& filter) {
    for (Filter& part : filter.parts) this->filter(part);
    switch (filter.operation) {
      case FilterOperation::all:
      case FilterOperation::any:
      case FilterOperation::negation:
      case FilterOperation::unsubscribed: return;
      case FilterOperation::in_segment: find(filter, names_.segments, "segment"); return;
      case FilterOperation::opted_in:
      case FilterOperation::opted_out:
      case FilterOperation::receives: find(filter, names_.topics, "topic"); return;
      case FilterOperation::is_null: (void)type(filter.values[0]); return;
      case FilterOperation::holds:
        if (type(filter.values[0]) != PropertyType::boolean || is_literal(filter.values[0])) {
          throw filter_text.wrong_in(filter.values[0], "this is no condition; compare it with something");
        }
        return;
      case FilterOperation::like:
      case FilterOperation::starts_with: check_text(filter); return;
      default: compare(filter);
    }
  }

 private:
  void compare(Filter& filter) {
    // A text that is compared with a time says a time.
    const bool times = std::ranges::any_of(
        filter.values, [this](const FilterValue& value) { return type(value) == PropertyType::datetime; });
    if (times) std::ranges::for_each(filter.values, read_time);
    const PropertyType expected = type(filter.values[0]);
    for (const FilterValue& value : filter.values) {
      if (type(value) == expected) continue;
      throw filter_text.wrong_in(value, "this is " + std::string(in_words(type(value))) + " and is compared with " +
                                            std::string(in_words(expected)));
    }
    const bool ordered = filter.operation != FilterOperation::equal && filter.operation != FilterOperation::unequal &&
                         filter.operation != FilterOperation::one_of;
    if (ordered && expected == PropertyType::boolean) {
      throw filter_text.wrong_in(filter, "true and false are only equal or not");
    }
    if (std::ranges::any_of(filter.values, is_domain)) std::ranges::for_each(filter.values, check_domain);
  }

  static void read_time(FilterValue& value) {
    const auto* text = std::get_if<std::string>(&value.literal);
    if (!is_literal(value) || text == nullptr) return;
    const std::optional<Time> time = parse_time(*text);
    if (!time) {
      throw filter_text.wrong_in(value, "this is compared with a time; write '2026-01-31' or '2026-01-31T08:00:00Z'");
    }
    const Time moved = *time + value.offset;
    if (parse_time(format_time(moved)) != moved) {
      throw filter_text.wrong_in(value, "this time is outside the years 1 to 9999");
    }
    value.literal = moved;
    value.offset = {};
  }

  static bool is_domain(const FilterValue& value) {
    return value.kind == FilterValue::Kind::field && value.field == FilterField::email_domain;
  }

  static void check_domain(const FilterValue& value) {
    const auto* text = std::get_if<std::string>(&value.literal);
    if (!is_literal(value) || text == nullptr) return;
    if (std::ranges::any_of(*text, [](char letter) { return (letter >= 'A' && letter <= 'Z') || letter < 0; })) {
      throw filter_text.wrong_in(value, "domains are kept in lower case and in ASCII (xn--...); write it so");
    }
  }

  void check_text(Filter& filter) {
    if (type(filter.values[0]) != PropertyType::string) {
      throw filter_text.wrong_in(filter.values[0],
                                 "this is " + std::string(in_words(type(filter.values[0]))) + ", not a text");
    }
    const FilterValue& pattern = filter.values[1];
    const auto* text = std::get_if<std::string>(&pattern.literal);
    if (text == nullptr || pattern.offset.count() != 0) throw filter_text.wrong_in(pattern, "this is not a text");
    if (filter.operation != FilterOperation::like) return;
    bool escaped = false;
    for (const char letter : *text) escaped = letter == '\\' && !escaped;
    if (escaped) throw filter_text.wrong_in(pattern, "the pattern ends in \\, which takes the next letter as it is");
  }

  PropertyType type(const FilterValue& value) const {
    const PropertyType found = bare_type(value);
    const bool may_be_time = found == PropertyType::string && is_literal(value);
    if (value.offset.count() != 0 && found != PropertyType::datetime && !may_be_time) {
      throw filter_text.wrong_in(value, "an interval is added to a time, and this is " + std::string(in_words(found)));
    }
    return found;
  }

  PropertyType bare_type(const FilterValue& value) const {
    switch (value.kind) {
      case FilterValue::Kind::literal: return type_of(value.literal);
      case FilterValue::Kind::now: return PropertyType::datetime;
      case FilterValue::Kind::field: return type_of(value.field);
      case FilterValue::Kind::property: break;
    }
    const auto found = std::ranges::find(names_.properties, value.property, &PropertyDefinition::key);
    if (found != names_.properties.end()) return found->type;
    std::vector<std::string> known;
    for (const PropertyDefinition& property : names_.properties) known.push_back(property.key);
    for (std::uint8_t n = 0; n <= static_cast<std::uint8_t>(FilterField::updated_at); ++n) {
      known.emplace_back(to_string(static_cast<FilterField>(n)));
    }
    throw filter_text.wrong_in(value, "there is no field or property of that name" + suggestion(value.property, known) +
                                          "; `mailroll properties list` shows the properties there are");
  }

  template <typename Noun>
  static void find(Filter& filter, std::span<const Noun> all, const std::string& noun) {
    const std::optional<Uuid> id = parse_uuid(filter.name);
    const Noun* found = nullptr;
    std::string ids;
    std::vector<std::string> known;
    for (const Noun& one : all) {
      known.push_back(one.name);
      const bool by_id = id && Uuid(one.id) == *id;
      if (by_id || one.name == filter.name) {
        found = &one;
        if (by_id) {
          ids.clear();
          break;
        }
        ids.append(ids.empty() ? "" : " ").append(to_string(one.id));
      }
    }
    if (found == nullptr) {
      throw filter_text.wrong_in(filter, "there is no " + noun + " of that name or id" +
                                             suggestion(filter.name, known) + "; `mailroll " + noun +
                                             "s list` shows those there are");
    }
    if (ids.find(' ') != std::string::npos) {
      throw filter_text.wrong_in(filter, "several " + noun + "s bear that name; use one of their ids: " + ids);
    }
    filter.name = to_string(found->id);
    filter.number = number_of(found->number);
  }

  const FilterNames& names_;
};

template <typename Noun>
void name(Filter& filter, std::span<const Noun> all) {
  const auto found = std::ranges::find_if(all, [&](const Noun& one) { return to_string(one.id) == filter.name; });
  if (found != all.end() && std::ranges::count(all, found->name, &Noun::name) == 1) filter.name = found->name;
}

}  // namespace

Filter check_filter(Filter filter, const FilterNames& names) {
  Check(names).filter(filter);
  return filter;
}

Filter with_names(Filter filter, const FilterNames& names) {
  for (Filter& part : filter.parts) part = with_names(std::move(part), names);
  if (filter.operation == FilterOperation::in_segment)
    name(filter, names.segments);
  else if (!filter.name.empty())
    name(filter, names.topics);
  return filter;
}

}  // namespace mailroll
