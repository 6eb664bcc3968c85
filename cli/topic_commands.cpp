#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {

int topics_create(Context& context) {
  const Arguments& args = context.args;
  NewTopic topic{.name = args["NAME"], .default_subscription = known(parse_subscription(args["default"]))};
  if (const auto word = args.get("visibility")) topic.visibility = known(parse_visibility(*word));
  topic.description = args["description"];
  topic.basis = args["basis"];
  context.out.record(to_json(context.roll().topics().create(topic)));
  if (topic.default_subscription == Subscription::opt_in) {
    context.warn(
        "mail on this topic goes to everybody who has not opted out. Under the GDPR that is not consent: it needs "
        "another lawful basis (--basis)");
  }
  return exit_code::done;
}

int topics_list(Context& context) {
  const std::vector<Json> records = to_records(context.roll().topics().list());
  context.out.list({{"id", "ID"},
                    {"name", "NAME"},
                    {"default_subscription", "DEFAULT"},
                    {"visibility", "VISIBILITY"},
                    {"basis", "BASIS"},
                    {"description", "DESCRIPTION"},
                    {"created_at", ""},
                    {"updated_at", ""}},
                   records);
  return exit_code::done;
}

int topics_show(Context& context) {
  const Topic topic = context.roll().topics().get(context.args["NAME"]);
  const TopicCounts counts = context.roll().topics().count(topic);
  Json record = to_json(topic);
  record["opt_ins"] = counts.opt_ins;
  record["opt_outs"] = counts.opt_outs;
  context.out.record(record);
  return exit_code::done;
}

int topics_update(Context& context) {
  const Arguments& args = context.args;
  TopicChange change{.name = args.get("name"), .description = args.get("description")};
  if (const auto word = args.get("visibility")) change.visibility = known(parse_visibility(*word));
  if (const auto word = args.get("basis")) change.basis = *word == "none" ? "" : *word;
  if (!change.name && !change.description && !change.visibility && !change.basis) {
    throw UsageError("nothing to change: give --name, --description, --visibility or --basis");
  }
  context.out.record(to_json(context.roll().topics().update(args["NAME"], change)));
  return exit_code::done;
}

int topics_delete(Context& context) {
  context.roll().topics().remove(context.args["NAME"]);
  context.done({{"deleted", true}}, "deleted the topic and the choices about it");
  return exit_code::done;
}

}  // namespace mailroll::cli
