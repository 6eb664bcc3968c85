#include <algorithm>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"
#include "rejected_rows.hpp"

namespace mailroll::cli {

int suppressions_add(Context& context) {
  const Arguments& args = context.args;
  const SuppressionReason reason = known(parse_suppression_reason(args["reason"]));
  context.out.record(to_json(context.roll().suppressions().add(args["EMAIL"], reason, args["note"])));
  return exit_code::done;
}

int suppressions_list(Context& context) {
  constexpr std::size_t page_size = 1000;
  const Suppressions suppressions = context.roll().suppressions();
  std::vector<Suppression> page = suppressions.list({}, page_size);
  context.out.begin({{"id", "ID"}, {"email", "EMAIL"}, {"reason", "REASON"}, {"at", "SINCE"}});
  while (!page.empty()) {
    for (const Suppression& suppression : page) context.out.row(to_json(suppression));
    page = suppressions.list(page.back(), page_size);
  }
  context.out.end();
  return exit_code::done;
}

int suppressions_remove(Context& context) {
  const Arguments& args = context.args;
  std::optional<SuppressionReason> reason;
  if (const auto word = args.get("reason")) reason = parse_suppression_reason(*word);
  context.roll().suppressions().remove(args["EMAIL"], reason, args["because"]);
  context.done({{"removed", true}}, "lifted the suppression; opt-outs stay");
  return exit_code::done;
}

int suppressions_import(Context& context) {
  const Arguments& args = context.args;
  const std::string& rejects = args["rejects"];
  SuppressionReason reason = SuppressionReason::manual;
  if (const auto word = args.get("reason")) reason = known(parse_suppression_reason(*word));
  Suppressions suppressions = context.roll().suppressions();
  const SuppressionImport done =
      context.long_work("what was suppressed so far stays; run the same command again to complete it",
                        [&](const ProgressFunction& progress) {
                          return suppressions.import_file(args["FILE"], reason, rejects, progress);
                        });
  const Json record = {
      {"rows", done.rows}, {"added", done.added}, {"unchanged", done.unchanged}, {"rejected", done.rejected}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.fields({{"rows", std::to_string(done.rows)},
                  {"  added", std::to_string(done.added)},
                  {"  unchanged", std::to_string(done.unchanged)},
                  {"  rejected", std::to_string(done.rejected)}});
    if (const std::string hint = rejects_hint(done.rejected, rejects); !hint.empty()) sheet.line(hint);
  });
  return done.rejected > 0 ? exit_code::rejected_rows : exit_code::done;
}

int suppressions_bounce(Context& context) {
  const Arguments& args = context.args;
  const BounceKind kind = args.has("hard") ? BounceKind::hard : BounceKind::soft;
  const std::optional<Time> at = args.time("at");
  const std::optional<Suppression> stands = context.roll().suppressions().record_bounce(args["EMAIL"], kind, at);
  const Json record = {{"suppressed", stands.has_value()}, {"suppression", stands ? to_json(*stands) : Json(nullptr)}};
  context.done(record,
               stands ? "suppressed: this address gets nothing at all" : "counted; the address is not suppressed");
  return exit_code::done;
}

int suppressions_rule(Context& context) {
  constexpr std::uint64_t most = 1000;  // beyond any bound of the rule, which says what is too much
  const auto count = context.args.number("count", 1);
  const auto days = context.args.number("days", 1);
  Suppressions suppressions = context.roll().suppressions();
  BounceRule rule = suppressions.bounce_rule();
  if (count) rule.count = static_cast<std::int32_t>(std::min(*count, most));
  if (days) rule.days = static_cast<std::int32_t>(std::min(*days, most));
  if (count || days) suppressions.set_bounce_rule(rule);
  const Json record = {{"count", rule.count}, {"days", rule.days}};
  context.out.record(record, [&](Sheet& sheet) {
    sheet.line(std::to_string(rule.count) + " soft bounces within " + std::to_string(rule.days) +
               " days suppress an address; a hard one does at once.");
  });
  return exit_code::done;
}

}  // namespace mailroll::cli
