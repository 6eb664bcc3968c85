#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using enum Argument::Count;
using namespace shared;

const Argument lease{"LEASE", "the lease's id, as `handoff lease` printed it"};

const Argument people{"EMAIL", "addresses or ids of the people", any};
// A script whose list turns out empty must not speak for everybody.
const Option all_of_it{.name = "all", .help = "all of the lease, instead of people by name"};

}  // namespace

std::vector<Command> delivery_rows() {
  return {
      {.noun = "handoff",
       .verb = "lease",
       .help = "lease the next people of a broadcast, each with the lease's id",
       .options =
           {mail_people,
            mail_topic,
            mail_no_topic,
            {.name = "worker", .value = "NAME", .help = "who takes them, at most 100 characters", .required = true},
            {.name = "limit", .value = "N", .help = "at most this many people (1 to 10000)", .required = true},
            {.name = "broadcast",
             .value = "NAME",
             .help = "which mailing; needed for a second one to the same segments and topic"},
            {.name = "lease-for",
             .value = "TIME",
             .help = "others may have them afterwards: 90s, 15m (default), 2h; at most 24h"}},
       .exactly_one = {{"topic", "no-topic"}},
       .more = "Whether each may receive it is asked again in the moment of the lease. Whoever leaves meanwhile is\n"
               "withdrawn. Nobody printed means that nobody is left to lease.",
       .run = handoff_lease},
      {.noun = "handoff",
       .verb = "confirm",
       .help = "say that people were handed over: they get nothing of this broadcast again",
       .arguments = {lease, people},
       .options = {all_of_it},
       .more = "With --all, those released by name before stay released.",
       .run = handoff_confirm},
      {.noun = "handoff",
       .verb = "release",
       .help = "give people back that were not mailed",
       .arguments = {lease, people},
       .options = {all_of_it},
       .run = handoff_release},
      {.noun = "handoff", .verb = "list", .help = "list broadcasts and how far they are", .run = handoff_list},
      {.noun = "handoff",
       .verb = "status",
       .help = "say how far one broadcast is",
       .arguments = {{"BROADCAST", "its name, as `handoff list` shows it"}},
       .run = handoff_status},
      {.noun = "feed",
       .verb = "opt-outs",
       .help = "list what lowered permission, oldest first",
       .options = {{.name = "after", .value = "CURSOR", .help = "only what is behind this position (default: 0)"},
                   {.name = "limit", .value = "N", .help = "at most this many (default: 1000)"}},
       .more = "Go on with --after and the last position that you have dealt with. Each event comes at least once.",
       .run = feed_opt_outs},
  };
}

}  // namespace mailroll::cli
