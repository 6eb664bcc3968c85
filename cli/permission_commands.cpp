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

/// What comes with any act.
PermissionOptions act_options(const Arguments& args) {
  PermissionOptions options;
  options.at = args.time("at");
  if (const auto word = args.get("channel")) options.channel = known(parse_channel(*word));
  options.evidence.note = args["evidence"];
  return options;
}

PermissionOptions opt_in_options(const Arguments& args) {
  PermissionOptions options = act_options(args);
  if (args.has("override") && args["override"].empty()) throw UsageError("--override wants a reason");
  options.override_reason = args["override"];
  options.valid_until = args.time("valid-until");
  options.basis = args["basis"];
  return options;
}

}  // namespace

int unsubscribe(Context& context) {
  const Arguments& args = context.args;
  if (args.has("by") != args.has("evidence")) {
    throw UsageError(args.has("by") ? "--by person needs --evidence: how do we know?"
                                    : "--evidence goes with --by person");
  }
  PermissionOptions options = act_options(args);
  if (args.has("by")) options.by = Actor::person;
  const ConsentEvent event = context.roll().unsubscribe(args["EMAIL"], scope_of(args), options);
  print_change(context, args.get("topic"), Subscription::opt_out, event);
  return exit_code::done;
}

int resubscribe(Context& context) {
  const Arguments& args = context.args;
  const PermissionOptions options = opt_in_options(args);
  const auto event = context.roll().resubscribe(args["EMAIL"], scope_of(args), options);
  print_change(context, args.get("topic"), Subscription::opt_in, event);
  return exit_code::done;
}

int subscribe(Context& context) {
  const Arguments& args = context.args;
  const PermissionOptions options = opt_in_options(args);
  const auto event = context.roll().subscribe(args["EMAIL"], args["topic"], options);
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
