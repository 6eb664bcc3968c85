#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {

using namespace shared;

std::vector<Command> suppression_rows() {
  return {
      {.noun = "suppressions",
       .verb = "add",
       .help = "let an address get nothing at all",
       .arguments = {new_address},
       .options = {{.name = "reason",
                    .value = "WORD",
                    .help = "why; a complaint also opts the person out of everything",
                    .words = {"bounce", "complaint", "manual"},
                    .required = true},
                   {.name = "note", .value = "TEXT", .help = "kept with the event"}},
       .run = suppressions_add},
      {.noun = "suppressions", .verb = "list", .help = "list suppressed addresses", .run = suppressions_list},
      {.noun = "suppressions",
       .verb = "remove",
       .help = "lift a suppression; opt-outs stay",
       .arguments = {person},
       .options = {{.name = "reason",
                    .value = "WORD",
                    .help = "lift only this one (default: all)",
                    .words = {"bounce", "complaint", "manual"}},
                   {.name = "note", .value = "TEXT", .help = "kept with the event"}},
       .run = suppressions_remove},
  };
}

}  // namespace mailroll::cli
