#include "commands.hpp"
#include "context.hpp"

namespace mailroll::cli {
namespace {

Json to_json(const RetentionRule& rule) {
  return {{"field", rule.field.empty() ? Json(nullptr) : Json(rule.field)},
          {"action", rule.action ? Json(to_string(*rule.action)) : Json(nullptr)},
          {"days", rule.days}};
}

}  // namespace

int retention_list(Context& context) {
  std::vector<Json> records;
  for (const RetentionRule& rule : context.roll().retention()) {
    Json record = to_json(rule);
    if (context.out.is_for_people()) {
      if (rule.field.empty()) record["field"] = "all other";
      if (!rule.action) record["action"] = "any other";
    }
    records.push_back(std::move(record));
  }
  context.out.list({{"field", "EVIDENCE"}, {"action", "OF ACTION"}, {"days", "DAYS", true}}, records);
  return exit_code::done;
}

int retention_set(Context& context) {
  const Arguments& args = context.args;
  const std::uint64_t days = *args.number("days");
  RetentionRule rule{
      .action = {}, .field = args["field"], .days = days > INT32_MAX ? INT32_MAX : static_cast<int>(days)};
  if (const auto word = args.get("action")) rule.action = known(parse_action(*word));
  context.roll().set_retention(rule);
  context.done(to_json(rule), rule.days == 0 ? "took the rule away" : "set; `mailroll retention apply` does it");
  return exit_code::done;
}

int retention_apply(Context& context) {
  const bool dry_run = context.args.has("dry-run");
  Roll& roll = context.roll();
  const RetentionReport report =
      context.long_work("what was taken out so far stays out, and the same command goes on",
                        [&](const ProgressFunction& progress) { return roll.apply_retention(dry_run, progress); });
  const Json record = {{"dry_run", dry_run}, {"looked_at", report.looked_at}, {"redacted", report.redacted}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.fields({{"events looked at", std::to_string(report.looked_at)},
                  {dry_run ? "that would lose evidence" : "that lost evidence", std::to_string(report.redacted)}});
  });
  return exit_code::done;
}

}  // namespace mailroll::cli
