// Mail on its way: people leased to mailers, and the feed for other systems.
#include <algorithm>

#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

LeaseId read_lease(const Arguments& args) {
  const std::optional<Uuid> id = parse_uuid(args["LEASE"]);
  if (!id) throw UsageError("LEASE is the id that `mailroll handoff lease` printed with each person");
  return LeaseId(*id);
}

HandoffOptions options_of(const Arguments& args) {
  HandoffOptions options;
  options.broadcast = args["broadcast"];
  if (const auto text = args.get("lease-for")) {
    const std::optional<std::chrono::seconds> time = parse_duration(*text);
    if (!time) throw UsageError("--lease-for wants a time such as 90s, 15m or 2h");
    options.lease_for = *time;
  }
  return options;
}

/// Ids as they were printed; addresses also of people whose profile has gone meanwhile.
std::vector<ContactId> ids_of(Roll& roll, const std::vector<std::string>& words) {
  std::vector<ContactId> ids;
  for (const std::string& word : words) {
    const std::optional<Uuid> id = parse_uuid(word);
    ids.push_back(id ? ContactId(*id) : roll.explain(word, no_topic).id);
  }
  return ids;
}

using Settle = HandoffReport (Handoff::*)(const LeaseId&, const std::vector<ContactId>&);
using SettleAll = HandoffReport (Handoff::*)(const LeaseId&);

int settle(Context& context, Settle these, SettleAll all) {
  const Arguments& args = context.args;
  const LeaseId lease = read_lease(args);
  if (args.has("all") == args.has("EMAIL")) {
    throw UsageError("name the people, or give --all for everybody of the lease");
  }
  Handoff handoff = context.roll().handoff_of(lease);
  const HandoffReport report =
      args.has("all") ? (handoff.*all)(lease) : (handoff.*these)(lease, ids_of(context.roll(), args.all("EMAIL")));
  context.out.record({{"done", report.done},
                      {"repeated", report.repeated},
                      {"withdrawn", report.withdrawn},
                      {"kept", report.kept},
                      {"lost", report.lost}});
  return exit_code::done;
}

const Columns& status_columns() {
  static const Columns columns = {{"broadcast", "BROADCAST"},
                                  {"segment", "SEGMENT"},
                                  {"topic", "TOPIC"},
                                  {"leased", "LEASED", true},
                                  {"confirmed", "CONFIRMED", true},
                                  {"released", "RELEASED", true},
                                  {"withdrawn", "WITHDRAWN", true},
                                  {"created_at", ""}};
  return columns;
}

template <typename Noun, typename Number>
Json name_of(const std::vector<Noun>& nouns, Number number) {
  const auto found = std::ranges::find(nouns, number, &Noun::number);
  return found == nouns.end() ? Json(nullptr) : Json(found->name);
}

Json people_of(const std::vector<Segment>& segments, const Broadcast& broadcast) {
  if (broadcast.expression.empty()) return name_of(segments, broadcast.segment);
  return to_string(with_names(parse_expression(broadcast.expression), segments));
}

std::vector<Json> statuses(Roll& roll) {
  const std::vector<Segment> segments = roll.segments().list();
  const std::vector<Topic> topics = roll.topics().list();
  std::vector<Json> records;
  for (const auto& [broadcast, counts] : roll.broadcasts()) {
    records.push_back({{"broadcast", broadcast.name},
                       {"segment", people_of(segments, broadcast)},
                       {"topic", name_of(topics, broadcast.topic)},
                       {"leased", counts.leased},
                       {"confirmed", counts.confirmed},
                       {"released", counts.released},
                       {"withdrawn", counts.withdrawn},
                       {"created_at", format_time(broadcast.created_at)}});
  }
  return records;
}

Json to_json(const FeedItem& item) {
  const ConsentEvent& event = item.event;
  Json record = {{"position", item.position},
                 {"id", to_string(event.contact)},
                 {"email", text_or_null(item.email)},
                 {"action", to_string(event.action)},
                 {"scope", event.topic == everything_scope ? "everything" : "topic"},
                 {"topic", item.topic ? Json(item.topic->name) : Json(nullptr)},
                 {"topic_id", item.topic ? Json(to_string(item.topic->id)) : Json(nullptr)}};
  if (event.suppression) record["suppression"] = to_string(*event.suppression);
  record["actor"] = to_string(event.actor);
  record["channel"] = to_string(event.channel);
  record["at"] = time_or_null(event.at);
  record["recorded_at"] = format_time(event.recorded_at);
  record["event"] = to_string(event.id);
  return record;
}

}  // namespace

int handoff_lease(Context& context) {
  const Arguments& args = context.args;
  const std::uint64_t limit = args.number("limit", 1).value_or(1);
  Handoff handoff = context.roll().handoff(args["segment"], topic_of(args), args["worker"], options_of(args));
  Batch batch = handoff.lease(limit);
  while (batch.people.empty() && !batch.done) batch = handoff.lease(limit);
  context.warn_if_incomplete(batch.incomplete);
  std::vector<Json> people;
  for (const Recipient& person : batch.people) {
    Json record = to_json(person);
    record["lease"] = to_string(batch.lease);
    record["expires_at"] = format_time(batch.expires_at);
    people.push_back(std::move(record));
  }
  if (context.format == Format::json) {
    context.out.record({{"broadcast", batch.broadcast},
                        {"lease", batch.people.empty() ? Json(nullptr) : Json(to_string(batch.lease))},
                        {"expires_at", batch.people.empty() ? Json(nullptr) : Json(format_time(batch.expires_at))},
                        {"done", batch.done},
                        {"outstanding", batch.outstanding},
                        {"incomplete", batch.incomplete},
                        {"people", people}});
    return exit_code::done;
  }
  context.out.list({{"id", "ID"},
                    {"email", "EMAIL"},
                    {"first_name", "FIRST NAME"},
                    {"last_name", "LAST NAME"},
                    {"lease", "LEASE"},
                    {"expires_at", "UNTIL"}},
                   people);
  if (batch.done) {
    context.note("nobody is left to lease; " + std::to_string(batch.outstanding) +
                 " are leased and not confirmed, who may come back");
  }
  return exit_code::done;
}

int handoff_confirm(Context& context) { return settle(context, &Handoff::confirm, &Handoff::confirm); }

int handoff_release(Context& context) { return settle(context, &Handoff::release, &Handoff::release); }

int handoff_list(Context& context) {
  context.out.list(status_columns(), statuses(context.roll()));
  return exit_code::done;
}

int handoff_status(Context& context) {
  for (const Json& record : statuses(context.roll())) {
    if (record["broadcast"] != context.args["BROADCAST"]) continue;
    context.out.record(record);
    return exit_code::done;
  }
  throw Error(ErrorKind::not_found, "there is no broadcast of that name; `mailroll handoff list` shows those there are",
              {{"reason", "broadcast_not_found"}});
}

int feed_opt_outs(Context& context) {
  constexpr std::uint64_t page_size = 1000;
  std::uint64_t left = context.args.number("limit", 1).value_or(page_size);
  FeedPage page;
  page.next = static_cast<std::int64_t>(
      std::min<std::uint64_t>(context.args.number("after").value_or(0), std::numeric_limits<std::int64_t>::max()));
  std::vector<Json> items;
  const bool whole = context.format == Format::json;
  if (!whole) {
    context.out.begin({{"position", "POSITION", true},
                       {"id", "ID"},
                       {"email", "EMAIL"},
                       {"action", "ACTION"},
                       {"scope", "SCOPE"},
                       {"topic", "TOPIC"},
                       {"topic_id", ""},
                       {"suppression", ""},
                       {"actor", ""},
                       {"channel", ""},
                       {"at", "AT"},
                       {"recorded_at", ""},
                       {"event", ""}});
  }
  for (bool more = true; more && left > 0;) {
    const std::int64_t before = page.next;
    const std::size_t asked = std::min(left, page_size);
    page = context.roll().opt_outs(before, asked);
    for (const FeedItem& item : page.items) {
      whole ? items.push_back(to_json(item)) : context.out.row(to_json(item));
    }
    more = page.next != before;
    left -= page.items.size();
  }
  if (whole) {
    context.out.record({{"items", items}, {"next", page.next}});
  } else {
    context.out.end();
    context.note("go on with --after " + std::to_string(page.next));
  }
  return exit_code::done;
}

}  // namespace mailroll::cli
