#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using namespace shared;

const Option scope_topic{.name = "topic", .value = "NAME", .help = "this topic only (name or id)"};
const Option scope_everything{.name = "everything", .help = "everything, also topics made later"};

}  // namespace

std::vector<Command> permission_rows() {
  return {
      {.noun = "unsubscribe",
       .verb = "",
       .help = "opt a person out of a topic or of everything",
       .arguments = {person},
       .options = {scope_everything,
                   scope_topic,
                   {.name = "by",
                    .value = "WORD",
                    .help = "person: they told us so themselves; needs --evidence",
                    .words = {"person"}},
                   {.name = "evidence", .value = "TEXT", .help = "how we know, e.g. \"phoned on Monday\""},
                   act_time,
                   act_channel},
       .exactly_one = {{"everything", "topic"}},
       .more = "Works for an address that is no contact, too. Doing it twice is no error.",
       .run = unsubscribe},
      {.noun = "resubscribe",
       .verb = "",
       .help = "opt in again to a topic, or come back from everything",
       .arguments = {person},
       .options = {scope_everything, scope_topic, override_reason, act_evidence, act_time, act_channel, valid_until,
                   lawful_basis},
       .exactly_one = {{"everything", "topic"}},
       .more = "Coming back from everything restores the choices as they were. Refused (exit code 4) where the person\n"
               "opted out themselves, unless --override says why.",
       .run = resubscribe},
      {.noun = "subscribe",
       .verb = "",
       .help = "opt in to a topic; makes the contact where there is none",
       .arguments = {new_address},
       .options = {{.name = "topic", .value = "NAME", .help = "name or id of the topic"},
                   {.name = "everything", .help = "the contact as a whole; only with --confirm"},
                   {.name = "confirm", .help = "double opt-in: pending until the person confirms; prints the token"},
                   {.name = "valid-for", .value = "TIME", .help = "how long the token lives, e.g. 12h (default: 7d)"},
                   override_reason,
                   act_evidence,
                   act_time,
                   act_channel,
                   valid_until,
                   lawful_basis},
       .exactly_one = {{"everything", "topic"}},
       .more =
           "Refused (exit code 4) where the person opted out themselves, unless --override says why. With --confirm\n"
           "it is never refused: what is pending never counts, and only the token confirms it. Mail that to the\n"
           "address, in a link.",
       .run = subscribe},
  };
}

}  // namespace mailroll::cli
