#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

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
  context.roll().suppressions().remove(args["EMAIL"], reason, args["note"]);
  context.done({{"removed", true}}, "lifted the suppression; opt-outs stay");
  return exit_code::done;
}

}  // namespace mailroll::cli
