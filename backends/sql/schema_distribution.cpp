#include "sql/schema_distribution.hpp"

#include <algorithm>

namespace mailroll::detail {
namespace {

/// What `statement` is about where it begins with these words: the name up to a blank.
std::string named_behind(std::string_view words, std::string_view statement) {
  if (!statement.starts_with(words)) return {};
  statement.remove_prefix(words.size());
  return std::string(statement.substr(0, statement.find(' ')));
}

/// Its rows are found by whom they are about: the key says team and contact.
bool is_of_contacts(std::string_view statement) {
  return statement.find("PRIMARY KEY (team_id, contact_id") != std::string_view::npos;
}

}  // namespace

std::optional<Distribution> distribution_in(const std::map<std::string, std::string>& settings) {
  const auto found = settings.find(std::string(distribution_setting));
  return found == settings.end() ? std::nullopt : parse_distribution(found->second);
}

std::vector<InitStep> before_distribution() {
  // Tables of both kinds are changed in one transaction, which Citus does one shard after the other or not at all.
  return {{"", InitPhase::distribution, "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"}};
}

std::vector<InitStep> distribution_of(std::span<const InitStep> steps, Distribution distribution) {
  const bool by_team = distribution == Distribution::by_team;
  const std::string column = by_team ? "team_id" : "contact_id";
  const std::string first = by_team ? "teams" : "contacts";  // whose shards the others' lie beside
  std::vector<InitStep> found;
  for (const InitStep& step : steps) {
    const std::string table = named_behind("CREATE TABLE ", step.statement);
    const bool dropped = std::ranges::any_of(
        steps, [&](const InitStep& other) { return named_behind("DROP TABLE ", other.statement) == table; });
    if (table.empty() || dropped) continue;
    std::string statement("SELECT ");
    if (by_team || is_of_contacts(step.statement)) {
      statement.append("create_distributed_table('").append(table).append("', '").append(column);
      statement.append("', colocate_with => '").append(table == first ? "none" : first).append("')");
    } else {
      statement.append("create_reference_table('").append(table).append("')");
    }
    found.insert(table == first ? found.begin() : found.end(),
                 {step.migration, InitPhase::distribution, std::move(statement)});
  }
  return found;
}

}  // namespace mailroll::detail
