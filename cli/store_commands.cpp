#include <algorithm>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

/// What init would do.
void show_plan(const Context& context, const InitPlan& plan, const Json& distribution) {
  std::vector<Json> steps;
  steps.reserve(plan.steps.size());
  for (const InitStep& step : plan.steps) {
    steps.push_back({{"migration", step.migration}, {"phase", to_string(step.phase)}, {"statement", step.statement}});
  }
  const std::string store = without_password(context.store_url());
  const Json record = {{"store", store},
                       {"dry_run", true},
                       {"from_version", plan.from_version},
                       {"to_version", plan.to_version},
                       {"distribution", distribution},
                       {"steps", steps}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.heading(steps.empty() ? "There is nothing to do." : "Nothing was changed. This would be done:");
    sheet.fields({{"store", store},
                  {"schema version", std::to_string(plan.from_version)},
                  {"and then", std::to_string(plan.to_version)},
                  {"distribution", distribution.is_null() ? "none" : distribution.get<std::string>()},
                  {"statements", std::to_string(steps.size())}});
    for (const InitStep& step : plan.steps) {
      sheet.blank();
      sheet.line("-- " + step.migration + (step.migration.empty() ? "" : ", ") + std::string(to_string(step.phase)));
      for (std::size_t begin = 0; begin <= step.statement.size();) {
        const std::size_t end = std::min(step.statement.find('\n', begin), step.statement.size());
        sheet.line(step.statement.substr(begin, end - begin) + (end == step.statement.size() ? ";" : ""));
        begin = end + 1;
      }
    }
  });
}

}  // namespace

int usage(Context& context) {
  const Usage counted = context.roll().usage();
  context.out.record({{"global", counted.global}, {"per_audience", counted.per_audience}}, [&](Sheet& sheet) {
    sheet.fields({{"contacts, each counted once", std::to_string(counted.global)},
                  {"counted once for each segment", std::to_string(counted.per_audience)}});
  });
  return exit_code::done;
}

int check(Context& context) {
  const bool repair = context.args.has("repair");
  Roll& roll = context.roll();
  const CheckReport report = context.long_work(
      "what was repaired so far stays", [&](const ProgressFunction& progress) { return roll.check(repair, progress); });
  const Json record = {
      {"ok", report.ok()},           {"schema_version", report.schema_version},   {"teams", report.teams},
      {"people", report.people},     {"cache_differs", report.cache_differs},     {"repaired", report.repaired},
      {"orphans", report.orphans},   {"unknown_numbers", report.unknown_numbers}, {"wrong_ids", report.wrong_ids},
      {"to_rekey", report.to_rekey}, {"unfinished_runs", report.unfinished_runs}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.heading(report.ok() ? "The store is in order." : "The store is not in order.");
    sheet.fields({{"schema version", std::to_string(report.schema_version)},
                  {"teams", std::to_string(report.teams)},
                  {"people looked at", std::to_string(report.people)},
                  {"permission that is not what the events say", std::to_string(report.cache_differs)},
                  {"of those repaired", std::to_string(report.repaired)},
                  {"memberships without a contact", std::to_string(report.orphans)},
                  {"memberships of unknown segments", std::to_string(report.unknown_numbers)},
                  {"ids that do not belong to their address", std::to_string(report.wrong_ids)},
                  {"contacts under other keys", std::to_string(report.to_rekey)},
                  {"unfinished runs", std::to_string(report.unfinished_runs.size())}});
    for (const std::string& run : report.unfinished_runs) {
      sheet.line("Unfinished: " + run + ". Run the same command again to complete it.");
    }
    if (report.cache_differs > report.repaired) sheet.line("To put the permission right: mailroll check --repair");
  });
  return report.ok() ? exit_code::done : exit_code::failed;
}

int list_backends(Context& context) {
  std::vector<Json> records;
  for (const Backend& backend : backends()) {
    const Json problem = backend.problem.empty() ? Json() : Json(backend.problem);
    records.push_back({{"scheme", backend.scheme},
                       {"description", backend.description},
                       {"origin", backend.origin},
                       {"problem", problem}});
  }
  context.out.list(
      {{"scheme", "SCHEME"}, {"description", "DESCRIPTION"}, {"origin", "ORIGIN"}, {"problem", "CANNOT BE LOADED"}},
      records);
  return exit_code::done;
}

int init(Context& context) {
  const std::optional<std::string> kind = context.args.get("distribute");
  const InitOptions options{.dry_run = context.args.has("dry-run"),
                            .foreign_keys = context.args.has("foreign-keys"),
                            .distribute = kind ? parse_distribution(*kind) : std::nullopt};
  const InitPlan plan = init_store(context.store_url(), options);
  const Json distribution = plan.distribution ? Json(to_string(*plan.distribution)) : Json();
  if (options.dry_run) {
    show_plan(context, plan, distribution);
    return exit_code::done;
  }
  const Roll& roll = context.roll();
  const Json record = {{"store", roll.store_name()},
                       {"schema_version", plan.to_version},
                       {"distribution", distribution},
                       {"team", roll.team().name}};
  context.out.record(record);
  return exit_code::done;
}

}  // namespace mailroll::cli
