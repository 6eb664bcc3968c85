#include <algorithm>
#include <limits>

#include "commands.hpp"
#include "context.hpp"
#include "mailroll/audience/filter_json.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

/// For programs the filter stands there as JSON too.
void add_filter(Context& context, const Segment& segment, Json& record) {
  const std::optional<Filter> filter = context.roll().segments().filter(segment);
  record["where"] = filter ? Json(to_string(*filter)) : Json(nullptr);
  if (!context.out.is_for_people()) record["filter"] = filter ? Json::parse(to_json(*filter)) : Json(nullptr);
}

Json with_members(Context& context, const Segment& segment) {
  Json record = to_json(segment);
  add_filter(context, segment, record);
  record["members"] = context.roll().segments().count(segment);
  record["members_as_of"] =
      segment.materialised && segment.has_rows() ? Json(to_string(segment.materialised->as_of)) : Json();
  return record;
}

constexpr std::string_view half_done = "who is already in stays; the same command goes on";

void say_refreshed(Context& context, const SegmentRefresh& refresh) {
  context.done({{"entered", refresh.entered},
                {"left", refresh.left},
                {"looked_at", refresh.looked_at},
                {"everybody", refresh.everybody},
                {"as_of", to_string(refresh.as_of)}},
               std::to_string(refresh.entered) + " entered, " + std::to_string(refresh.left) + " left; looked at " +
                   (refresh.everybody ? "everybody, " : "who changed, ") + std::to_string(refresh.looked_at) +
                   " contacts");
}

std::vector<Who> people_of(const Arguments& args) { return {args.all("EMAIL").begin(), args.all("EMAIL").end()}; }

}  // namespace

int segments_create(Context& context) {
  const Arguments& args = context.args;
  if (args.has("where") && args["where"].empty()) throw UsageError("--where wants a filter, e.g. \"plan = 'pro'\"");
  Segments segments = context.roll().segments();
  const Segment made = segments.create(args["NAME"], args.has("where") ? args["where"] : std::string());
  Json record = to_json(made);
  add_filter(context, made, record);
  context.out.record(record);
  return exit_code::done;
}

int segments_list(Context& context) {
  const std::vector<Segment> segments = context.roll().segments().list();
  std::vector<Json> records;
  records.reserve(segments.size());
  for (const Segment& segment : segments) records.push_back(with_members(context, segment));
  context.out.list({{"id", "ID"},
                    {"name", "NAME"},
                    {"members", "MEMBERS", true},
                    {"where", "WHERE"},
                    {"created_at", "CREATED"},
                    {"updated_at", ""}},
                   records);
  return exit_code::done;
}

int segments_show(Context& context) {
  context.out.record(with_members(context, context.roll().segments().get(context.args["NAME"])));
  return exit_code::done;
}

int segments_rename(Context& context) {
  context.out.record(to_json(context.roll().segments().rename(context.args["NAME"], context.args["NEW"])));
  return exit_code::done;
}

int segments_update(Context& context) {
  Segments segments = context.roll().segments();
  context.out.record(with_members(context, segments.change_filter(context.args["NAME"], context.args["where"])));
  return exit_code::done;
}

int segments_materialise(Context& context) {
  const Arguments& args = context.args;
  if (args.has("stop")) {
    context.roll().segments().stop_materialising(args["NAME"]);
    context.done({{"stopped", true}}, "the filter is asked again whenever somebody wants its members");
    return exit_code::done;
  }
  Segments segments = context.roll().segments();
  say_refreshed(context, context.long_work(half_done, [&](const ProgressFunction& progress) {
    return segments.materialise(args["NAME"], progress);
  }));
  return exit_code::done;
}

int segments_refresh(Context& context) {
  Segments segments = context.roll().segments();
  say_refreshed(context, context.long_work(half_done, [&](const ProgressFunction& progress) {
    return segments.refresh(context.args["NAME"], progress);
  }));
  return exit_code::done;
}

int segments_events(Context& context) {
  const Arguments& args = context.args;
  const auto after = static_cast<std::int64_t>(
      std::min<std::uint64_t>(args.number("after").value_or(0), std::numeric_limits<std::int64_t>::max()));
  const SegmentEvents page =
      context.roll().segments().events(args["NAME"], after, args.number("limit", 1).value_or(1000));
  std::vector<Json> records;
  records.reserve(page.items.size());
  for (const SegmentEvent& event : page.items) {
    records.push_back({{"position", event.position},
                       {"event", event.entered ? "entered" : "left"},
                       {"contact", to_string(event.contact)}});
  }
  if (context.format == Format::json) {
    context.out.record({{"items", records}, {"next", page.next}});
  } else {
    context.out.list({{"position", "POSITION", true}, {"event", "EVENT"}, {"contact", "CONTACT"}}, records);
    context.note("go on with --after " + std::to_string(page.next));
  }
  return exit_code::done;
}

int segments_delete(Context& context) {
  context.roll().segments().remove(context.args["NAME"]);
  context.done({{"deleted", true}}, "deleted the segment; its contacts stay");
  return exit_code::done;
}

int segments_add(Context& context) {
  const std::uint64_t added = context.roll().segments().add(context.args["NAME"], people_of(context.args));
  context.done({{"added", added}}, "put " + std::to_string(added) + " contacts in that were not there before");
  return exit_code::done;
}

int segments_remove(Context& context) {
  const std::uint64_t removed = context.roll().segments().take_out(context.args["NAME"], people_of(context.args));
  context.done({{"removed", removed}}, "took " + std::to_string(removed) + " contacts out");
  return exit_code::done;
}

}  // namespace mailroll::cli
