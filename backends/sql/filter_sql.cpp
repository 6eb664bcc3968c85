#include "sql/filter_sql.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "sql/candidate_rows.hpp"
#include "sql/filter_conditions.hpp"
#include "sql/filter_words.hpp"
#include "sql/row_limit.hpp"

namespace mailroll::detail {
namespace {

using Sense = FilterConditions::Sense;

/// What must be true, each by itself: a segment whose filter must be true is its filter.
void take_apart(const Filter& filter, const FilterQuery& whom, std::vector<const Filter*>& out) {
  if (filter.operation == FilterOperation::all) {
    for (const Filter& part : filter.parts) take_apart(part, whom, out);
    return;
  }
  if (filter.operation == FilterOperation::in_segment) {
    if (const auto dynamic = whom.segments.find(SegmentNumber{filter.number}); dynamic != whom.segments.end()) {
      take_apart(dynamic->second, whom, out);
      return;
    }
  }
  out.push_back(&filter);
}

bool asks_about_the_profile_alone(const Filter& filter) {
  switch (filter.operation) {
    case FilterOperation::in_segment:
    case FilterOperation::opted_in:
    case FilterOperation::opted_out:
    case FilterOperation::receives:
    case FilterOperation::unsubscribed: return false;
    default: return std::ranges::all_of(filter.parts, asks_about_the_profile_alone);
  }
}

/// A row of a contact or none, by the whole key.
std::string left_join(const FilterWords& words, std::string_view table, const std::string& alias,
                      const std::string& condition) {
  std::string text = "\nLEFT JOIN ";
  text.append(table).append(" ").append(alias).append(" ON ").append(alias).append(".team_id = c.team_id AND ");
  text.append(alias).append(".contact_id = c.contact_id");
  if (words.bounds_in_joins) {
    text.append(" AND ")
        .append(alias)
        .append(".contact_id >= :first AND ")
        .append(alias)
        .append(".contact_id <= :last");
  }
  if (!condition.empty()) text.append(" AND ").append(condition);
  return text;
}

/// The names of placeholders, in the order in which they come first.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (quoted || text[at] != ':') continue;
    if (text.compare(at, 2, "::") == 0) {  // a cast
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && (text[end] == '_' || std::isalnum(static_cast<unsigned char>(text[end])) != 0)) ++end;
    std::string name = text.substr(at + 1, end - at - 1);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    at = end - 1;
  }
  return names;
}

}  // namespace

std::optional<FilterStatement> filter_statement(const Dialect& dialect, TeamNumber team, const FilterQuery& whom,
                                                const CandidateQuery& query) {
  FilterStatement made;
  const FilterWords& words = filter_words(dialect);
  FilterConditions conditions(words, whom);
  std::vector<const Filter*> parts;
  take_apart(whom.filter, whom, parts);
  std::string where;
  for (const Filter* part : parts) {
    if (const std::optional<std::string> said = conditions.condition(*part, Sense::true_only)) {
      where.append("\n  AND ").append(*said);
    } else if (asks_about_the_profile_alone(*part)) {
      made.rest.push_back(*part);
    } else {
      return {};
    }
  }
  if (where.empty()) return {};

  IdRange range = query.range;
  if (query.after && *query.after >= range.first) {
    range.first = *query.after;
    increase(range.first);
  }
  made.with_topic = query.topic != everything_scope;
  made.with_profile = query.with_profile || !made.rest.empty();
  made.text = "SELECT c.contact_id, s.said, s.valid_until, s.by_override, s.erased, s.suppressions";
  if (made.with_topic) made.text += ", h.said, h.valid_until, h.by_override";
  if (made.with_profile) made.text += ", c.email, c.first_name, c.last_name";
  if (!made.rest.empty()) made.text += ", c.properties, c.created_at, c.updated_at";
  made.text += "\nFROM contacts c" + left_join(words, "standings", "s", "");
  if (made.with_topic) made.text += left_join(words, "choices", "h", "h.topic = :topic");
  for (const FilterConditions::Join& one : conditions.joins()) {
    made.text += left_join(words, one.table, one.alias, one.condition);
  }
  made.text += "\nWHERE c.team_id = :team_id AND c.contact_id >= :first AND c.contact_id <= :last" + where +
               "\nORDER BY c.contact_id LIMIT :limit";

  for (const std::string& name : names_in(made.text)) {
    if (name == "team_id") {
      made.values.emplace_back(std::int64_t{number_of(team)});
    } else if (name == "first") {
      made.values.emplace_back(range.first);
    } else if (name == "last") {
      made.values.emplace_back(range.last);
    } else if (name == "topic") {
      made.values.emplace_back(std::int64_t{number_of(query.topic)});
    } else if (name == "limit") {
      made.values.emplace_back(std::int64_t{row_limit(query.limit)});
    } else {
      made.values.push_back(conditions.values().find(name)->second);
    }
  }
  return made;
}

}  // namespace mailroll::detail
