#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

/// `topic` nothing: everything. The event is nothing where all was so already.
void print_change(Context& context, const std::optional<std::string>& topic, Subscription choice,
                  const std::optional<ConsentEvent>& event) {
  Json record = {{"topic", nullptr}, {"choice", to_string(choice)}, {"changed", event.has_value()}, {"event", nullptr}};
  if (topic) record["topic"] = context.roll().topics().get(*topic).name;
  if (event) record["event"] = to_json(*event, context.roll().topics().list());
  std::string text;
  if (topic) {
    text = (choice == Subscription::opt_out ? "opted out of " : "opted in to ") + record["topic"].get<std::string>();
  } else {
    text =
        choice == Subscription::opt_out ? "unsubscribed from everything" : "not unsubscribed from everything any more";
  }
  context.done(record, event ? text : "nothing changed: it was so already");
}

}  // namespace

int unsubscribe(Context& context) {
  const Arguments& args = context.args;
  if (args.has("by") != args.has("evidence")) {
    throw UsageError(args.has("by") ? "--by person needs --evidence: how do we know?"
                                    : "--evidence goes with --by person");
  }
  PermissionOptions options;
  if (args.has("by")) options.by = Actor::person;
  options.evidence.note = args["evidence"];
  const ConsentEvent event = context.roll().unsubscribe(args["EMAIL"], scope_of(args), options);
  print_change(context, args.get("topic"), Subscription::opt_out, event);
  return exit_code::done;
}

int resubscribe(Context& context) {
  const Arguments& args = context.args;
  const PermissionOptions options{.override_reason = args["override"], .by = {}, .evidence = {}};
  const auto event = context.roll().resubscribe(args["EMAIL"], scope_of(args), options);
  print_change(context, args.get("topic"), Subscription::opt_in, event);
  return exit_code::done;
}

int subscribe(Context& context) {
  const Arguments& args = context.args;
  if (args.has("confirm")) return subscribe_to_confirm(context);
  if (args.has("everything")) throw UsageError("--everything goes with --confirm; coming back is `resubscribe`");
  if (args.has("valid-for")) throw UsageError("--valid-for goes with --confirm");
  const auto event = context.roll().subscribe(args["EMAIL"], args["topic"]);
  print_change(context, args.get("topic"), Subscription::opt_in, event);
  return exit_code::done;
}

int topics_choose(Context& context) {
  const Arguments& args = context.args;
  const Subscription choice = known(parse_subscription(args["choice"]));
  if (choice == Subscription::opt_out && args.has("override")) {
    throw UsageError("--override goes with --choice opt_in: leaving needs no reason");
  }
  const PermissionOptions options{.override_reason = args["override"], .by = {}, .evidence = {}};
  const auto event = context.roll().choose(args["EMAIL"], args["topic"], choice, options);
  print_change(context, args.get("topic"), choice, event);
  return exit_code::done;
}

}  // namespace mailroll::cli
