#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using enum Argument::Count;
using namespace shared;

}  // namespace

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
  };
}

std::vector<Command> answer_rows() {
  return {
      {.noun = "audience",
       .verb = "list",
       .help = "list who may receive the mail, ordered by id",
       .options = {mail_people,
                   mail_topic,
                   mail_no_topic,
                   {.name = "partition", .value = "I/N", .help = "only part I (1 to N) of N disjoint parts"}},
       .exactly_one = {{"topic", "no-topic"}},
       .run = audience_list},
      {.noun = "audience",
       .verb = "count",
       .help = "count the segment by reason: who receives the mail, and why the others do not",
       .options = {mail_people, mail_topic, mail_no_topic},
       .exactly_one = {{"topic", "no-topic"}},
       .run = audience_count},
      {.noun = "explain",
       .verb = "",
       .help = "say whether a person gets a mail, why, and by which event",
       .arguments = {person},
       .options = {{.name = "segment",
                    .value = "EXPR",
                    .help = "the mail goes to this segment, or to an expression: VIP & Newsletter"},
                   mail_topic,
                   mail_no_topic,
                   {.name = "transactional", .help = "the mail answers an act of the person, e.g. a receipt"},
                   {.name = "at",
                    .value = "TIME",
                    .help = "as what was recorded by then has it, e.g. 2026-03-01T12:00:00Z"}},
       .exactly_one = {{"topic", "no-topic", "transactional"}},
       .run = explain},
      {.noun = "expiring",
       .verb = "",
       .help = "list consent that runs out, soonest first",
       .options = {{.name = "within", .value = "LENGTH", .help = "from now on, e.g. 30d (default), 12h, 2w"},
                   {.name = "limit", .value = "N", .help = "at most this many (default: 1000)"}},
       .more = "What has run out already is listed too: mail on that topic does not reach these people any more.",
       .run = expiring},
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
      {.noun = "copy",
       .verb = "",
       .help = "copy everything to another store, of any engine, and prove that it is equal",
       .options = {{.name = "from", .value = "URL", .help = "the store to copy, which is only read", .required = true},
                   {.name = "to",
                    .value = "URL",
                    .help = "a store that holds nothing yet, or an unfinished copy of the same one",
                    .required = true},
                   dry_run},
       .more =
           "An interrupted copy is completed by the same command, also where the source has changed meanwhile. Until\n"
           "it ends the target says that it is incomplete. Nothing that is there is written over. No keys are needed.",
       .run = copy},
      {.noun = "backends",
       .verb = "",
       .help = "list the kinds of store there are, and where each is from",
       .more =
           "Plugins are files libmailroll_SCHEME.so in the folders of --backend-path, in those of the environment's\n"
           "MAILROLL_BACKEND_PATH (separated by colons), and beside libmailroll. One that is found and cannot be\n"
           "loaded is listed with the reason.",
       .run = list_backends},
      {.noun = "init",
       .verb = "",
       .help = "make the store's schema or bring it up to date, and say its version",
       .options = {dry_run,
                   {.name = "distribute",
                    .value = "KIND",
                    .help = "spread a new PostgreSQL store over machines with the extension citus",
                    .words = {"by-team", "by-contact"}},
                   {.name = "foreign-keys", .help = "add what foreign keys are missing; not on SQLite"}},
       .more =
           "Every command makes the schema and brings it up to date; this one does nothing else. by-team is for many\n"
           "teams, by-contact for few large ones. The store remembers it: no other command has the option.\n"
           "With --dry-run nothing is written, and the statements are shown that would be run.",
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
