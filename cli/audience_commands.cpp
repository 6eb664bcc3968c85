#include <charconv>
#include <utility>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

/// `I/N`
std::pair<int, int> read_partition(const std::string& text) {
  int index = 0;
  int count = 0;
  const char* end = text.data() + text.size();
  const auto [slash, problem] = std::from_chars(text.data(), end, index);
  if (problem == std::errc() && slash != end && *slash == '/') {
    const auto [last, other] = std::from_chars(slash + 1, end, count);
    if (other == std::errc() && last == end && index >= 1 && index <= count && count <= 65536) return {index, count};
  }
  throw UsageError("--partition wants I/N with 1 <= I <= N <= 65536, e.g. 2/8");
}

}  // namespace

int audience_list(Context& context) {
  const Arguments& args = context.args;
  const std::pair<int, int> part = args.has("partition") ? read_partition(args["partition"]) : std::pair(1, 1);
  Audience audience = context.roll().audience(args["segment"], topic_of(args));
  if (part.second > 1) audience = audience.partition(part.first, part.second);
  context.warn_if_incomplete(audience.incomplete());
  context.out.begin({{"id", "ID"}, {"email", "EMAIL"}, {"first_name", "FIRST NAME"}, {"last_name", "LAST NAME"}});
  for (const Recipient& person : audience) context.out.row(to_json(person));
  context.out.end();
  return exit_code::done;
}

int audience_count(Context& context) {
  const Audience audience = context.roll().audience(context.args["segment"], topic_of(context.args));
  const Counts counts = audience.count();
  Json reasons = Json::object();
  std::vector<Json> rows;
  for (std::size_t i = 0; i < reason_count; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (counts[reason] == 0) continue;
    reasons[std::string(to_string(reason))] = counts[reason];
    rows.push_back({{"reason", to_string(reason)}, {"receives", receives(reason)}, {"people", counts[reason]}});
  }
  const Json record = {{"members", counts.members},
                       {"receives", counts.receives},
                       {"by_reason", reasons},
                       {"by_override", counts.by_override},
                       {"incomplete", counts.incomplete}};
  context.warn_if_incomplete(counts.incomplete);
  context.out.record(record, [&](Sheet& sheet) {
    sheet.fields({{"segment", audience.said()},
                  {"topic", audience.topic() ? audience.topic()->name : "none"},
                  {"members", std::to_string(counts.members)},
                  {"receive it", std::to_string(counts.receives)}});
    if (counts.by_override > 0) {
      sheet.line(std::to_string(counts.by_override) + " of those were opted in by staff, against an opt-out.");
    }
    if (rows.empty()) return;
    sheet.blank();
    sheet.table({{"reason", "REASON"}, {"receives", "RECEIVES"}, {"people", "PEOPLE", true}}, rows);
  });
  return exit_code::done;
}

}  // namespace mailroll::cli
