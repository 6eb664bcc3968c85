#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {

int contacts_erase(Context& context) {
  const Arguments& args = context.args;
  if (!args.has("yes") && !context.agreed("This forgets the person for good, and nothing brings them back but they "
                                          "themselves. Erase them? [y/N] ")) {
    throw Error(ErrorKind::cancelled, "nothing was erased", {{"reason", "cancelled"}});
  }
  bool logs_emptied = false;
  const ConsentEvent event = context.roll().contacts().erase(args["EMAIL"], args["reason"], &logs_emptied);
  if (!logs_emptied) {
    context.warn(
        "the engine's own files and logs still hold what was deleted: a SQLite store's until the next erasure, or "
        "until all "
        "have closed it, since somebody is reading; a server's until it has used the space again (docs/erasure.md)");
  }
  context.done({{"erased", true},
                {"id", to_string(event.contact)},
                {"at", format_time(event.recorded_at)},
                {"logs_emptied", logs_emptied}},
               "erased the person; they are left alone from now on");
  return exit_code::done;
}

int contacts_export_person(Context& context) {
  const Json document = Json::parse(context.roll().contacts().export_person(context.args["EMAIL"]));
  if (context.format == Format::csv) throw UsageError("a person is one JSON document: leave out --format csv");
  context.output.write(json_text(document, context.format == Format::ndjson ? -1 : 2) + "\n");
  return exit_code::done;
}

}  // namespace mailroll::cli
