#include "commands.hpp"
#include "context.hpp"
#include "mailroll/transfer/copy.hpp"

namespace mailroll::cli {
namespace {

Json to_json(const CopyReport& report, const std::string& source, const std::string& target) {
  Json counts = Json::object();
  for (const auto& [part, count] : named(report.counts)) counts[std::string(part)] = count;
  return {{"dry_run", report.dry_run},           {"source", without_password(source)},
          {"target", without_password(target)},  {"target_was", to_string(report.target_was)},
          {"written", report.written},           {"counts", counts},
          {"keys_outside", report.keys_outside}, {"digest", report.digest}};
}

std::string heading_of(const CopyReport& report) {
  if (report.target_was == CopyTarget::complete) return "The target is a copy already, and equal. Nothing was written.";
  if (!report.dry_run) return "Everything was copied, read again on both sides, and is equal.";
  return report.target_was == CopyTarget::empty
             ? "This is what a copy would write. Nothing was written."
             : "This is what the copy that was begun would end with. Nothing was written.";
}

}  // namespace

int copy(Context& context) {
  if (context.args.has("team")) throw UsageError("a copy takes all teams; leave out --team");
  const std::string source = context.args["from"];
  const std::string target = context.args["to"];
  const bool dry_run = context.args.has("dry-run");
  const CopyReport report = context.long_work(
      dry_run ? "nothing was written" : "what was copied so far stays, and the same command goes on from there",
      [&](const ProgressFunction& progress) {
        return mailroll::copy(source, target, {.dry_run = dry_run, .progress = progress});
      });
  context.out.record(to_json(report, source, target), [&](Sheet& sheet) {
    sheet.heading(heading_of(report));
    std::vector<std::pair<std::string, std::string>> lines{{"people written", std::to_string(report.written)}};
    if (dry_run) lines.front().first = "people to write";
    for (const auto& [part, count] : named(report.counts)) {
      std::string label(part);
      for (char& letter : label) letter = letter == '_' ? ' ' : letter;
      lines.emplace_back(std::move(label), std::to_string(count));
    }
    lines.emplace_back("digest of permission", report.digest);
    sheet.fields(lines);
    if (report.counts.unfinished_runs > 0) {
      sheet.line(
          "An import, migration or rekey of the source is unfinished, and so it is in the target: run it there again.");
    }
    if (report.keys_outside > 0) {
      sheet.line("The source does not keep the secrets of " + std::to_string(report.keys_outside) +
                 " keys, and so the target does not: open it with the same keyring (--key-file).");
    }
  });
  return exit_code::done;
}

}  // namespace mailroll::cli
