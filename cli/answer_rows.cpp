#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using enum Argument::Count;
using namespace shared;

const Option audience_segment{
    .name = "segment", .value = "NAME", .help = "name or id of the segment the mail goes to", .required = true};
const Option mail_topic{.name = "topic", .value = "NAME", .help = "the mail is about this topic (name or id)"};
const Option mail_no_topic{.name = "no-topic", .help = "the mail has no topic: only leaving everything stops it"};
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
                   {.name = "evidence", .value = "TEXT", .help = "how we know, e.g. \"phoned on Monday\""}},
       .exactly_one = {{"everything", "topic"}},
       .more = "Works for an address that is no contact, too. Doing it twice is no error.",
       .run = unsubscribe},
      {.noun = "resubscribe",
       .verb = "",
       .help = "opt in again to a topic, or come back from everything",
       .arguments = {person},
       .options = {scope_everything, scope_topic, override_reason},
       .exactly_one = {{"everything", "topic"}},
       .more = "Coming back from everything restores the choices as they were. Refused (exit code 4) where the person\n"
               "opted out themselves, unless --override says why.",
       .run = resubscribe},
      {.noun = "subscribe",
       .verb = "",
       .help = "opt in to a topic; makes the contact where there is none",
       .arguments = {new_address},
       .options = {{.name = "topic", .value = "NAME", .help = "name or id of the topic", .required = true}},
       .run = subscribe},
  };
}

std::vector<Command> definition_rows() {
  return {
      {.noun = "properties",
       .verb = "define",
       .help = "define a property of contacts",
       .arguments = {{"KEY", "letters, digits and _, at most 50"}},
       .options = {{.name = "type",
                    .value = "WORD",
                    .help = "what its values are",
                    .words = {"string", "number", "boolean", "datetime"},
                    .required = true},
                   {.name = "fallback", .value = "VALUE", .help = "shown where a contact has no value"}},
       .run = properties_define},
      {.noun = "properties", .verb = "list", .help = "list the properties defined", .run = properties_list},
      {.noun = "properties",
       .verb = "remove",
       .help = "delete a definition and every contact's value",
       .arguments = {{"KEY", "the property's key"}},
       .run = properties_remove},
      {.noun = "teams",
       .verb = "create",
       .help = "make a team; nothing crosses teams",
       .arguments = {{"NAME", "its name, of which there is one in a store"}},
       .run = teams_create},
      {.noun = "teams", .verb = "list", .help = "list teams", .run = teams_list},
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

std::vector<Command> answer_rows() {
  return {
      {.noun = "audience",
       .verb = "list",
       .help = "list who may receive the mail, ordered by id",
       .options = {audience_segment,
                   mail_topic,
                   mail_no_topic,
                   {.name = "partition", .value = "I/N", .help = "only part I (1 to N) of N disjoint parts"}},
       .exactly_one = {{"topic", "no-topic"}},
       .run = audience_list},
      {.noun = "audience",
       .verb = "count",
       .help = "count the segment by reason: who receives the mail, and why the others do not",
       .options = {audience_segment, mail_topic, mail_no_topic},
       .exactly_one = {{"topic", "no-topic"}},
       .run = audience_count},
      {.noun = "explain",
       .verb = "",
       .help = "say whether a person gets a mail, why, and by which event",
       .arguments = {person},
       .options = {{.name = "segment", .value = "NAME", .help = "the mail goes to this segment (name or id)"},
                   mail_topic,
                   mail_no_topic,
                   {.name = "transactional", .help = "the mail answers an act of the person, e.g. a receipt"}},
       .exactly_one = {{"topic", "no-topic", "transactional"}},
       .run = explain},
      {.noun = "history",
       .verb = "",
       .help = "list a person's consent events, oldest first",
       .arguments = {person},
       .run = history},
  };
}

std::vector<Command> store_rows() {
  return {
      {.noun = "migrate",
       .verb = "audiences",
       .help = "turn old per-audience exports into one list of global contacts",
       .arguments = {{"PATH", "folders or files: CSV, JSON or NDJSON, with or without audiences.json", many}},
       .options =
           {{.name = "unsubscribed",
             .value = "WORD",
             .help = "topics (default): unsubscribed there is opted out of that topic; everything: of everything",
             .words = {"topics", "everything"}},
            {.name = "complete", .help = "these are all audiences there are, as audiences.json says by itself"},
            dry_run,
            {.name = "show", .value = "N", .help = "with --dry-run: how many effects and conflicts to list (20)"},
            rejects},
       .more =
           "Nobody gains mail by a migration. Running it again changes nothing; a newer export can be applied over\n"
           "an older one. An interrupted run is completed by the same command.",
       .run = migrate_audiences},
      {.noun = "usage",
       .verb = "",
       .help = "count contacts once, beside what counting per audience would give",
       .run = usage},
      {.noun = "check",
       .verb = "",
       .help = "prove that the store is in order; exit code 1 if not",
       .options = {{.name = "repair", .help = "write again what can be computed from the events"}},
       .run = check},
      {.noun = "backends", .verb = "", .help = "list the kinds of store known", .run = list_backends},
      {.noun = "init",
       .verb = "",
       .help = "make the store's schema and say its version",
       .more = "Every command does so for a SQLite file that is new.",
       .run = init},
      {.noun = "completion",
       .verb = "",
       .help = "print a completion script for a shell",
       .arguments = {{"SHELL", "bash or zsh", one, {"bash", "zsh"}}},
       .more = "For bash: source <(mailroll completion bash)",
       .run = print_completion},
      {.noun = "help",
       .verb = "",
       .help = "show help for the program, a noun or a command",
       .arguments = {{"NOUN", "a noun", optional}, {"VERB", "one of its verbs", optional}},
       .run = print_help},
      {.noun = "version", .verb = "", .help = "show the program's version", .run = print_version},
  };
}

}  // namespace mailroll::cli
