#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"
#include "rejected_rows.hpp"

namespace mailroll::cli {
namespace {

ImportOptions import_options(const Arguments& args) {
  ImportOptions options;
  for (const std::string& text : args.all("map")) {
    // A field has no '=' in it, a column may.
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0) throw UsageError("--map wants COLUMN=FIELD");
    options.columns.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  options.segments = args.all("segment");
  options.topics = args.all("topic");
  options.keep_existing = args["on-conflict"] == "keep";
  options.strict_properties = args.has("strict-properties");
  options.rejects = args["rejects"];
  return options;
}

std::uint64_t rows_with(const ImportSummary& summary, RowVerdict verdict) {
  return summary.by_verdict[static_cast<std::size_t>(verdict)];
}

Json to_json(const ImportSummary& summary) {
  Json verdicts = Json::object();
  for (std::size_t i = 0; i < row_verdict_count; ++i) {
    verdicts[std::string(to_string(static_cast<RowVerdict>(i)))] = summary.by_verdict[i];
  }
  return {{"dry_run", summary.dry_run},
          {"rows", summary.rows},
          {"rejected", rows_with(summary, RowVerdict::rejected)},
          {"duplicates", rows_with(summary, RowVerdict::duplicate)},
          {"created", rows_with(summary, RowVerdict::created)},
          {"updated", rows_with(summary, RowVerdict::updated)},
          {"unchanged", rows_with(summary, RowVerdict::unchanged)},
          {"kept_opted_out", summary.kept_opted_out},
          {"kept_removed", summary.kept_removed},
          {"opt_ins", summary.opt_ins},
          {"unsubscribed", summary.unsubscribed},
          {"by_verdict", verdicts},
          {"rejected_by_reason", rejected_json(summary.rejected_by_reason)}};
}

void print_for_people(Sheet& sheet, const ImportSummary& summary, const std::string& rejects) {
  sheet.heading(summary.dry_run ? "Import, planned: nothing was written" : "Import, done");
  std::vector<std::pair<std::string, std::string>> fields = {{"rows", std::to_string(summary.rows)}};
  for (std::size_t i = row_verdict_count; i-- > 0;) {
    const auto verdict = static_cast<RowVerdict>(i);
    std::string label = "  " + std::string(to_string(verdict));
    std::replace(label.begin(), label.end(), '_', ' ');
    std::string count = std::to_string(summary.by_verdict[i]);
    if (verdict == RowVerdict::rejected) count += rejected_in_words(summary.rejected_by_reason);
    fields.emplace_back(label, count);
  }
  fields.emplace_back("opt-ins", std::to_string(summary.opt_ins));
  fields.emplace_back("unsubscribed", std::to_string(summary.unsubscribed));
  sheet.fields(fields);
  if (summary.kept_opted_out > 0) {
    sheet.line(std::to_string(summary.kept_opted_out) + " opt-ins were not made: these people had opted out.");
  }
  if (summary.kept_removed > 0) {
    sheet.line(std::to_string(summary.kept_removed) +
               " opt-ins were not made: they ended when the contact was removed.");
  }
  if (const std::string hint = rejects_hint(rows_with(summary, RowVerdict::rejected), rejects); !hint.empty()) {
    sheet.line(hint);
  }
}

bool has_ending(const std::string& path, std::string_view ending) { return path.ends_with(ending); }

/// A file that appears under its name only when it is whole.
class WholeFile {
 public:
  explicit WholeFile(const std::string& path)
      : path_(path),
        unfinished_(path + ".part"),
        descriptor_(::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
        output_(descriptor_, path) {
    if (descriptor_ < 0) throw OutputFailed("cannot write to " + path + ": " + std::strerror(errno));
  }
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  ~WholeFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!is_whole_) ::unlink(unfinished_.c_str());
  }

  Output& output() { return output_; }

  void finish() {
    output_.flush();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (::close(descriptor) != 0 || ::rename(unfinished_.c_str(), path_.c_str()) != 0) {
      throw OutputFailed("cannot write to " + path_ + ": " + std::strerror(errno));
    }
    is_whole_ = true;
  }

 private:
  std::string path_;
  std::string unfinished_;
  int descriptor_;
  Output output_;
  bool is_whole_ = false;
};

}  // namespace

int contacts_import(Context& context) {
  ImportOptions options = import_options(context.args);
  const std::string& file = context.args["FILE"];
  const Contacts contacts = context.roll().contacts();
  ImportPlan plan = context.long_work("nothing was written", [&](const ProgressFunction& progress) {
    options.progress = progress;
    return contacts.import_file(file, options);
  });
  if (context.args.has("dry-run")) {
    context.long_work("nothing was written", [&](const ProgressFunction& progress) { (void)plan.summary(progress); });
  } else {
    context.long_work("the contacts written so far stay; run the same command again to complete the import",
                      [&](const ProgressFunction& progress) { plan.apply(progress); });
  }
  const ImportSummary& summary = plan.summary();
  context.out.record(to_json(summary), [&](Sheet& sheet) { print_for_people(sheet, summary, options.rejects); });
  return rows_with(summary, RowVerdict::rejected) > 0 ? exit_code::rejected_rows : exit_code::done;
}

int contacts_export(Context& context) {
  const Arguments& args = context.args;
  const std::string& path = args["output"];
  const bool to_file = !path.empty() && path != "-";
  if (context.format == Format::json && !to_file) {
    throw UsageError("an export is CSV or NDJSON: give --format csv or --format ndjson");
  }
  const bool ndjson = context.format == Format::ndjson ||
                      (context.format != Format::csv && (has_ending(path, ".ndjson") || has_ending(path, ".jsonl")));
  std::optional<SegmentRef> segment;
  if (const auto name = args.get("segment")) segment = *name;
  const Contacts contacts = context.roll().contacts();
  std::unique_ptr<WholeFile> file = to_file ? std::make_unique<WholeFile>(path) : nullptr;
  Output& output = file ? file->output() : context.output;
  const std::uint64_t count = context.long_work(
      file ? "no file was written" : "what was printed is not whole", [&](const ProgressFunction& progress) {
        return contacts.export_to([&output](std::string_view text) { output.write(text); },
                                  ndjson ? ExportFormat::ndjson : ExportFormat::csv, segment, progress);
      });
  if (file) {
    file->finish();
    const std::string text = "wrote " + std::to_string(count) + " contacts to " + path;
    if (context.format == Format::json) {
      context.out.record({{"contacts", count}, {"file", path}});
    } else {
      context.note(text);
    }
  }
  return exit_code::done;
}

}  // namespace mailroll::cli
