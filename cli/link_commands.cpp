#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {

int link(Context& context) {
  const Arguments& args = context.args;
  const Purpose purpose = args.has("purpose") ? known(parse_purpose(args["purpose"])) : Purpose::leave;
  const std::string url =
      context.roll().link(args["EMAIL"], scope_of(args), purpose, {.base_url = args["base-url"], .message = {}});
  context.out.record({{"url", url}}, [&](Sheet& sheet) { sheet.line(url); });
  return exit_code::done;
}

int headers(Context& context) {
  const Arguments& args = context.args;
  const std::vector<Header> made = context.roll().list_unsubscribe_headers(
      args["EMAIL"], scope_of(args), {.base_url = args["base-url"], .mailto = args["mailto"], .message = {}});
  Json record = Json::object();
  for (const Header& header : made) record[header.name] = header.value;
  context.out.record(record, [&](Sheet& sheet) {
    for (const Header& header : made) sheet.line(header.name + ": " + header.value);
  });
  return exit_code::done;
}

int subscribe_to_confirm(Context& context, const PermissionOptions& options) {
  const Arguments& args = context.args;
  std::chrono::seconds valid_for = confirm_days;
  if (const auto text = args.get("valid-for")) {
    const auto given = parse_duration(*text);
    if (!given) throw UsageError("--valid-for is a whole number and s, m, h, d or w, e.g. 7d");
    valid_for = *given;
  }
  Roll& roll = context.roll();
  const Confirmation made = roll.subscribe_to_confirm(args["EMAIL"], scope_of(args), options, valid_for);
  if (!made.pending) {
    context.done({{"token", nullptr}, {"expires_at", nullptr}, {"event", nullptr}},
                 "nothing to confirm: they get this mail already");
    return exit_code::done;
  }
  const Json record = {{"token", made.token},
                       {"expires_at", format_time(made.expires_at)},
                       {"event", to_json(*made.pending, roll.topics().list())}};
  context.note("waits to be confirmed; mail the token to the address, in a link, and to nobody else");
  context.out.record(record, [&](Sheet& sheet) { sheet.line(made.token); });
  return exit_code::done;
}

}  // namespace mailroll::cli
