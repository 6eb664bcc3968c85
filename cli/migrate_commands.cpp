#include <algorithm>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"
#include "rejected_rows.hpp"

namespace mailroll::cli {
namespace {

/// Who loses mail under one policy: how many, and the first of them.
struct Losses {
  UnsubscribedPolicy policy{};
  std::uint64_t effects = 0;  ///< a person in an audience each
  std::uint64_t people = 0;
  std::vector<Json> first;
};

struct Report {
  Json summary;
  std::vector<Json> audiences;
  std::vector<Losses> losses;  ///< with --dry-run: under both policies, that of the plan first
  std::uint64_t conflicts = 0;
  std::vector<Json> first_conflicts;
};

Json to_json(const MigrationSummary& summary) {
  return {{"dry_run", summary.dry_run},
          {"policy", to_string(summary.policy)},
          {"rows", summary.rows},
          {"rejected", summary.rejected},
          {"duplicates", summary.duplicates},
          {"audiences", summary.audiences},
          {"contacts", summary.contacts},
          {"contacts_created", summary.contacts_created},
          {"contacts_updated", summary.contacts_updated},
          {"contacts_unchanged", summary.contacts_unchanged},
          {"memberships", summary.memberships},
          {"segments", summary.segments},
          {"topics", summary.topics},
          {"opt_ins", summary.opt_ins},
          {"opt_outs", summary.opt_outs},
          {"unsubscribed", summary.unsubscribed},
          {"kept_opted_out", summary.kept_opted_out},
          {"kept_removed", summary.kept_removed},
          {"name_conflicts", summary.name_conflicts},
          {"address_spellings", summary.address_spellings},
          {"usage", {{"per_audience", summary.usage_per_audience}, {"global", summary.usage_global}}},
          {"left_to_topics", summary.left_to_topics},
          {"property_conflicts", summary.property_conflicts},
          {"alias_conflicts", summary.alias_conflicts},
          {"rejected_by_reason", rejected_json(summary.rejected_by_reason)}};
}

Json to_json(const AudienceEffect& audience) {
  return {{"name", audience.name},
          {"members", audience.members},
          {"received_before", audience.received_before},
          {"receives_after", audience.receives_after},
          {"receives_after_everything", audience.receives_after_everything},
          {"gains", audience.gains},
          {"loses", audience.loses}};
}

Losses losses_under(const MigrationPlan& plan, UnsubscribedPolicy policy, std::uint64_t shown) {
  Losses losses{.policy = policy};
  ContactId last;
  plan.effects(policy, [&](const Effect& effect) {
    if (effect.id != last) ++losses.people;  // they come ordered by id
    last = effect.id;
    if (++losses.effects <= shown) {
      losses.first.push_back({{"id", to_string(effect.id)},
                              {"email", effect.email},
                              {"audience", effect.audience},
                              {"received_before", effect.received_before},
                              {"receives_after", effect.receives_after},
                              {"reason", to_string(effect.reason)}});
    }
    return !Interruption::asked_for();
  });
  return losses;
}

Report report_of(const MigrationPlan& plan) {
  Report report;
  report.summary = to_json(plan.summary());
  report.summary["complete"] = plan.complete();
  report.summary["audiences_detail"] = Json::array();
  for (const AudienceEffect& audience : plan.audiences()) {
    report.audiences.push_back(to_json(audience));
    report.summary["audiences_detail"].push_back(report.audiences.back());
  }
  return report;
}

/// What people ask before they say yes: who would lose mail, under both policies, and which rows disagree.
void look_ahead(Report& report, const MigrationPlan& plan, std::uint64_t shown) {
  const UnsubscribedPolicy chosen = plan.summary().policy;
  const UnsubscribedPolicy other =
      chosen == UnsubscribedPolicy::topics ? UnsubscribedPolicy::everything : UnsubscribedPolicy::topics;
  report.losses = {losses_under(plan, chosen, shown), losses_under(plan, other, shown)};
  plan.conflicts([&](const Conflict& conflict) {
    if (++report.conflicts <= shown) {
      report.first_conflicts.push_back({{"id", to_string(conflict.id)},
                                        {"email", conflict.email},
                                        {"what", conflict.what},
                                        {"key", text_or_null(conflict.key)},
                                        {"kept", conflict.kept},
                                        {"others", conflict.others}});
    }
    return !Interruption::asked_for();
  });
  Json effects = Json::object();
  Json counts = Json::object();
  Json people = Json::object();
  for (const Losses& losses : report.losses) {
    const std::string policy(to_string(losses.policy));
    counts[policy] = losses.effects;
    people[policy] = losses.people;
    effects[policy] = losses.first;
  }
  report.summary["effects_count"] = counts;
  report.summary["effects_people"] = people;
  report.summary["effects"] = effects;
  report.summary["conflicts_count"] = report.conflicts;
  report.summary["conflicts"] = report.first_conflicts;
}

std::string number(std::uint64_t value) { return std::to_string(value); }

std::vector<std::pair<std::string, std::string>> counts_for_people(const MigrationSummary& summary) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"rows", number(summary.rows)},
      {"rejected", number(summary.rejected) + rejected_in_words(summary.rejected_by_reason)},
      {"duplicates", number(summary.duplicates)},
      {"audiences", number(summary.audiences)},
      {"contacts", number(summary.contacts) + "  (created " + number(summary.contacts_created) + ", updated " +
                       number(summary.contacts_updated) + ", unchanged " + number(summary.contacts_unchanged) + ")"},
      {"memberships", number(summary.memberships)},
      {"segments", number(summary.segments)},
      {"topics", number(summary.topics)},
      {"opt-ins", number(summary.opt_ins)},
      {"opt-outs", number(summary.opt_outs)},
      {"unsubscribed from everything", number(summary.unsubscribed)},
      {"kept opted out", number(summary.kept_opted_out)},
      {"kept removed", number(summary.kept_removed)},
      {"rows that disagree", "names " + number(summary.name_conflicts) + ", spellings " +
                                 number(summary.address_spellings) + ", properties " +
                                 number(summary.property_conflicts) + ", old ids " + number(summary.alias_conflicts)},
      {"usage", number(summary.usage_per_audience) + " counted per audience, " + number(summary.usage_global) +
                    " counted once"}};
  return fields;
}

void print_hints(Sheet& sheet, const MigrationSummary& summary, const std::string& rejects) {
  if (summary.left_to_topics > 0) {
    sheet.line(
        number(summary.left_to_topics) +
        " people are unsubscribed in every audience of theirs, but the input is not said to be complete: they are "
        "opted out of those topics only. If these are all audiences there are, add --complete.");
  }
  if (summary.kept_opted_out > 0) {
    sheet.line(number(summary.kept_opted_out) + " opt-ins of the input do not count: these people had opted out.");
  }
  if (const std::string hint = rejects_hint(summary.rejected, rejects); !hint.empty()) sheet.line(hint);
  if (summary.dry_run) sheet.line("Nothing was written. To do it, leave out --dry-run.");
}

void print_losses(Sheet& sheet, const Losses& losses, bool is_chosen) {
  sheet.blank();
  const std::string policy(to_string(losses.policy));
  sheet.heading(
      "Who loses mail under the policy " + policy + (is_chosen ? "" : " (--unsubscribed " + policy + ")") + ": " +
      (losses.effects == 0 ? "nobody"
                           : number(losses.people) + " people, in " + number(losses.effects) + " memberships"));
  if (losses.first.empty()) return;
  sheet.table({{"email", "EMAIL"}, {"audience", "AUDIENCE"}, {"reason", "REASON"}}, losses.first);
  if (losses.effects > losses.first.size()) {
    sheet.line("... and " + number(losses.effects - losses.first.size()) + " more (--show N)");
  }
}

void print_for_people(Sheet& sheet, const MigrationSummary& summary, const Report& report, const std::string& rejects) {
  sheet.heading(std::string("Migration of audiences, policy ") + std::string(to_string(summary.policy)) +
                (summary.dry_run ? ": planned" : ": done"));
  sheet.fields(counts_for_people(summary));
  sheet.blank();
  sheet.table({{"name", "AUDIENCE"},
               {"members", "MEMBERS", true},
               {"received_before", "RECEIVED BEFORE", true},
               {"receives_after", "RECEIVE NOW", true},
               {"loses", "LOSE MAIL", true},
               {"receives_after_everything", "IF EVERYTHING", true}},
              report.audiences);
  for (std::size_t i = 0; i < report.losses.size(); ++i) print_losses(sheet, report.losses[i], i == 0);
  if (summary.dry_run) {
    sheet.blank();
    sheet.heading("Rows that disagree: " + (report.conflicts == 0 ? "none" : number(report.conflicts)));
    if (!report.first_conflicts.empty()) {
      sheet.table({{"email", "EMAIL"}, {"what", "WHAT"}, {"key", "KEY"}, {"kept", "KEPT"}, {"others", "OTHERS"}},
                  report.first_conflicts);
      if (report.conflicts > report.first_conflicts.size()) {
        sheet.line("... and " + number(report.conflicts - report.first_conflicts.size()) + " more (--show N)");
      }
    }
  }
  sheet.blank();
  print_hints(sheet, summary, rejects);
}

}  // namespace

int migrate_audiences(Context& context) {
  const Arguments& args = context.args;
  MigrationOptions options;
  options.unsubscribed =
      args["unsubscribed"] == "everything" ? UnsubscribedPolicy::everything : UnsubscribedPolicy::topics;
  options.complete = args.has("complete");
  options.rejects = args["rejects"];
  const std::uint64_t shown = args.number("show").value_or(20);

  const Roll& roll = context.roll();
  MigrationPlan plan = context.long_work("nothing was written", [&](const ProgressFunction& progress) {
    options.progress = progress;
    return roll.migrate_audiences(args.all("PATH"), options);
  });
  if (!args.has("dry-run")) {
    context.long_work("the contacts written so far stay; run the same command again to complete the migration",
                      [&](const ProgressFunction& progress) { plan.apply(progress); });
  }
  Report report = report_of(plan);
  if (args.has("dry-run")) {
    context.long_work("nothing was written", [&](const ProgressFunction&) {
      look_ahead(report, plan, shown);
      if (Interruption::asked_for()) throw Error(ErrorKind::cancelled, "stopped");
    });
  }
  const MigrationSummary& summary = plan.summary();
  context.out.record(report.summary, [&](Sheet& sheet) { print_for_people(sheet, summary, report, options.rejects); });
  return summary.rejected > 0 ? exit_code::rejected_rows : exit_code::done;
}

}  // namespace mailroll::cli
