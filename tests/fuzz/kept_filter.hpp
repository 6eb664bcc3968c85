/// What a store keeps of a filter is the text of the checked one: read again it means the same.
#pragma once

#include <span>
#include <string>

#include "mailroll/audience/filter.hpp"
#include "require.hpp"

namespace mailroll::fuzz {

inline void require_same_when_kept(const Filter& filter) {
  const PropertyDefinition plan{.key = "plan", .type = PropertyType::string, .fallback = {}, .created_at = {}};
  const FilterNames names{.properties = std::span(&plan, 1), .segments = {}, .topics = {}};
  const Filter checked = check_filter(filter, names);
  Person person;
  person.contact.emplace().properties = Properties({{"plan", std::string("pro%_\xC3\xB6")}});
  const FilterSubject subject{
      .person = person, .now = {}, .topics = {}, .in_segment = [](SegmentNumber) { return true; }};
  const Truth truth = evaluate(checked, subject);
  const std::string kept = to_string(checked);
  if (kept.size() > max_filter_length) return;
  require(evaluate(check_filter(parse_filter(kept), names), subject) == truth);
}

}  // namespace mailroll::fuzz
