/// Reading whom a filter means, on every engine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/candidate_rows.hpp"
#include "sql/filter_sql.hpp"

namespace mailroll::detail {

/// Where the core looks at who came back, some pass who may be none of them: fewer would be many small pages.
inline constexpr std::size_t least_filter_page = 1024;

/// The contact of the row, for what the core has to look at.
template <typename Row>
void read_profile(const Row& row, int column, const ContactId& id, Contact& out) {
  out.id = id;
  out.email.assign(row.text(column));
  out.first_name.assign(row.text(column + 1));
  out.last_name.assign(row.text(column + 2));
  out.properties = row.is_null(column + 3) ? Properties() : Properties::from_json(std::string(row.text(column + 3)));
  out.created_at = row.time(column + 4);
  out.updated_at = row.time(column + 5);
}

inline bool all_true(const std::vector<Filter>& filters, const FilterQuery& whom, const Person& person) {
  const FilterSubject subject{.person = person, .now = whom.now, .topics = whom.topics, .in_segment = {}};
  return std::ranges::all_of(filters, [&](const Filter& one) { return evaluate(one, subject) == Truth::yes; });
}

/// Session::matching(); false where the engine cannot say any of it, and nothing was read.
template <typename Engine>
bool read_matching(Engine& engine, TeamNumber team, const FilterQuery& whom, const CandidateQuery& query,
                   std::vector<Candidate>& out) {
  CandidateQuery page = query;
  std::size_t count = 0;
  Person person;
  for (bool done = false; !done;) {
    if (page.after && *page.after >= page.range.last) break;  // behind the last id there is nobody
    const std::optional<FilterStatement> statement = filter_statement(engine.dialect(), team, whom, page);
    if (!statement) return false;
    const typename Engine::Held held(engine);
    typename Engine::TextRows row(engine, statement->text);
    for (const SqlValue& value : statement->values) {
      std::visit([&](const auto& one) { row.bind(one); }, value);
    }
    std::size_t seen = 0;
    const int choice = 6;
    const int profile = statement->with_topic ? choice + 3 : choice;
    while (count < query.limit && row.step()) {
      ++seen;
      ContactId id;
      row.read_id(0, id);
      page.after = id;
      if (!statement->rest.empty()) {
        person.id = id;
        if (!person.contact) person.contact.emplace();
        read_profile(row, profile, id, *person.contact);
        if (!all_true(statement->rest, whom, person)) continue;
      }
      if (out.size() == count) out.emplace_back();
      Candidate& candidate = out[count++];  // its strings keep their memory from page to page
      candidate.id = id;
      read_candidate_scope(row, 1, candidate.standing.everything);
      candidate.standing.erased = row.number(4) != 0;
      candidate.standing.suppressions = static_cast<std::uint8_t>(row.number(5));
      if (statement->with_topic) {
        read_candidate_scope(row, choice, candidate.choice);
      } else {
        candidate.choice = ScopeState{};
      }
      candidate.email.assign(query.with_profile ? row.text(profile) : std::string_view());
      candidate.first_name.assign(query.with_profile ? row.text(profile + 1) : std::string_view());
      candidate.last_name.assign(query.with_profile ? row.text(profile + 2) : std::string_view());
    }
    done = count == query.limit || seen < page.limit;
    page.limit = std::max(query.limit - count, least_filter_page);
  }
  out.resize(count);
  return true;
}

}  // namespace mailroll::detail
