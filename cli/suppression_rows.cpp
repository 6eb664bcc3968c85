#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {

namespace {

using namespace shared;

const std::vector<std::string> reasons = {"bounce", "complaint", "manual"};

}  // namespace

std::vector<Command> suppression_rows() {
  return {
      {.noun = "suppressions",
       .verb = "add",
       .help = "let an address get nothing at all",
       .arguments = {new_address},
       .options = {{.name = "reason",
                    .value = "WORD",
                    .help = "why; a complaint also opts the person out of everything",
                    .words = reasons,
                    .required = true},
                   {.name = "note", .value = "TEXT", .help = "kept with the event"}},
       .run = suppressions_add},
      {.noun = "suppressions", .verb = "list", .help = "list suppressed addresses", .run = suppressions_list},
      {.noun = "suppressions",
       .verb = "remove",
       .help = "lift a suppression; opt-outs stay",
       .arguments = {person},
       .options = {{.name = "reason", .value = "WORD", .help = "lift only this one (default: all)", .words = reasons},
                   {.name = "because",
                    .value = "TEXT",
                    .help = "why, kept with the event; needed where the person complained"}},
       .run = suppressions_remove},
      {.noun = "suppressions",
       .verb = "import",
       .help = "suppress every address of a CSV or NDJSON file",
       .arguments = {{"FILE", "columns email and, if there, reason and note; - is standard input"}},
       .options =
           {{.name = "reason", .value = "WORD", .help = "of rows that give none (default: manual)", .words = reasons},
            rejects},
       .more =
           "The same file again changes nothing, save that what was lifted since stands again. Rejected rows make the\n"
           "exit code 5; the others are done.",
       .run = suppressions_import},
      {.noun = "suppressions",
       .verb = "bounce",
       .help = "report a failed delivery",
       .arguments = {new_address},
       .options = {{.name = "hard", .help = "for good: suppressed at once"},
                   {.name = "soft", .help = "for now: suppressed once the rule says so"},
                   act_time},
       .exactly_one = {{"hard", "soft"}},
       .run = suppressions_bounce},
      {.noun = "suppressions",
       .verb = "rule",
       .help = "show or set how many soft bounces suppress",
       .options = {{.name = "count", .value = "N", .help = "so many soft bounces, 1 to 100"},
                   {.name = "days", .value = "D", .help = "within so many days, 1 to 365"}},
       .run = suppressions_rule},
  };
}

}  // namespace mailroll::cli
