#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {

std::vector<Command> retention_rows() {
  return {
      {.noun = "retention",
       .verb = "list",
       .help = "list how long which evidence is kept; what is not listed is kept for ever",
       .run = retention_list},
      {.noun = "retention",
       .verb = "set",
       .help = "set how long a kind of evidence is kept",
       .options = {{.name = "field",
                    .value = "WORD",
                    .help = "which evidence; without it, all that has no rule of its own",
                    .words = {"text_hash", "form", "ip", "user_agent", "locale", "note", "text"}},
                   {.name = "action",
                    .value = "WORD",
                    .help = "of which events; without it, of all that have no rule of their own",
                    .words = {"pending", "opt_in", "unsuppressed", "removed", "opt_out", "suppressed", "erased"}},
                   {.name = "days",
                    .value = "N",
                    .help = "for so many days after the event was recorded, 1 to 36500; 0 takes the rule away",
                    .required = true}},
       .more = "The most specific rule counts: action and field, then field, then action, then neither.",
       .run = retention_set},
      {.noun = "retention",
       .verb = "apply",
       .help = "drop the evidence that has been kept long enough; the events stay",
       .options = {shared::dry_run},
       .more = "An interrupted run is completed by the same command.",
       .run = retention_apply},
  };
}

}  // namespace mailroll::cli
