#include "command_table.hpp"

#include "commands.hpp"

namespace mailroll::cli {
namespace {

using enum Argument::Count;

const Argument person{"EMAIL", "an address in any spelling, a contact's id, or an id from before the migration"};
const Argument new_address{"EMAIL", "the address"};
const Argument segment{"NAME", "name or id of the segment"};
const Argument topic{"NAME", "name or id of the topic"};

const Option of_segment{.name = "segment", .value = "NAME", .help = "only those in this segment (name or id)"};
const Option audience_segment{
    .name = "segment", .value = "NAME", .help = "name or id of the segment the mail goes to", .required = true};
const Option mail_topic{.name = "topic", .value = "NAME", .help = "the mail is about this topic (name or id)"};
const Option mail_no_topic{.name = "no-topic", .help = "the mail has no topic: only leaving everything stops it"};
const Option scope_topic{.name = "topic", .value = "NAME", .help = "this topic only (name or id)"};
const Option scope_everything{.name = "everything", .help = "everything, also topics made later"};
const Option override_reason{
    .name = "override", .value = "REASON", .help = "why it is right to go against an opt-out; kept with the event"};
const Option first_name{.name = "first-name", .value = "TEXT", .help = "first name"};
const Option last_name{.name = "last-name", .value = "TEXT", .help = "last name"};
const Option visibility{
    .name = "visibility",
    .value = "WORD",
    .help = "public: shown to everybody on the preference page; private (default): only to those in it",
    .words = {"public", "private"}};
const Option dry_run{.name = "dry-run", .help = "say what would happen, and write nothing"};
const Option rejects{
    .name = "rejects", .value = "FILE", .help = "list the rejected rows here, as NDJSON without addresses"};

std::vector<Command> contacts_table() {
  return {
      {.noun = "contacts",
       .verb = "add",
       .help = "add a contact, or change what is given of an existing one",
       .arguments = {new_address},
       .options =
           {first_name,
            last_name,
            {.name = "property", .value = "KEY=VALUE", .help = "set a property that is defined", .repeated = true},
            {.name = "segment", .value = "NAME", .help = "put the contact into this segment", .repeated = true}},
       .more = "Adding an existing contact never changes permission: who opted out stays opted out.",
       .run = contacts_add},
      {.noun = "contacts",
       .verb = "show",
       .help = "show everything about one contact",
       .arguments = {person},
       .run = contacts_show},
      {.noun = "contacts",
       .verb = "list",
       .help = "list contacts, ordered by id",
       .options = {of_segment,
                   {.name = "after", .value = "ID", .help = "begin after the contact with this id"},
                   {.name = "limit", .value = "N", .help = "at most this many"}},
       .run = contacts_list},
      {.noun = "contacts",
       .verb = "update",
       .help = "change names and properties; what is not named stays",
       .arguments = {person},
       .options = {{.name = "first-name", .value = "TEXT", .help = "first name; an empty one clears it"},
                   {.name = "last-name", .value = "TEXT", .help = "last name; an empty one clears it"},
                   {.name = "property",
                    .value = "KEY=VALUE",
                    .help = "set a property that is defined; KEY= clears it",
                    .repeated = true}},
       .run = contacts_update},
      {.noun = "contacts",
       .verb = "remove",
       .help = "delete profile, properties and memberships",
       .arguments = {person},
       .more = "Opt-outs stay under the contact's id and hold again if the address comes back.",
       .run = contacts_remove},
      {.noun = "contacts",
       .verb = "import",
       .help = "read contacts from a CSV or NDJSON file",
       .arguments = {{"FILE", "the file; - is standard input"}},
       .options =
           {{.name = "map",
             .value = "COLUMN=FIELD",
             .help = "take this column as that field or property; COLUMN= leaves it out",
             .repeated = true},
            {.name = "segment",
             .value = "NAME",
             .help = "put everybody in the file into this segment; made if there is none",
             .repeated = true},
            {.name = "topic", .value = "NAME", .help = "everybody in the file opts in to this topic", .repeated = true},
            {.name = "on-conflict",
             .value = "WORD",
             .help = "profiles that exist: update them (default) or keep them as they are",
             .words = {"update", "keep"}},
            {.name = "strict-properties", .help = "reject rows with a property that is not defined"},
            dry_run,
            rejects},
       .more = "An import never undoes an opt-out. Rejected rows make the exit code 5; the others are imported.",
       .run = contacts_import},
      {.noun = "contacts",
       .verb = "export",
       .help = "write contacts as CSV or NDJSON, in the columns that import reads",
       .options = {of_segment,
                   {.name = "output",
                    .value = "FILE",
                    .help = "write to this file; .ndjson and .jsonl choose NDJSON",
                    .letter = 'o'}},
       .more = "CSV unless --format ndjson is given.",
       .run = contacts_export},
  };
}

std::vector<Command> segments_table() {
  return {
      {.noun = "segments",
       .verb = "create",
       .help = "make a segment",
       .arguments = {{"NAME", "its name; several segments may bear one name"}},
       .run = segments_create},
      {.noun = "segments", .verb = "list", .help = "list segments, in the order they were made", .run = segments_list},
      {.noun = "segments", .verb = "show", .help = "show one segment", .arguments = {segment}, .run = segments_show},
      {.noun = "segments",
       .verb = "rename",
       .help = "give a segment another name",
       .arguments = {segment, {"NEW", "the new name"}},
       .run = segments_rename},
      {.noun = "segments",
       .verb = "delete",
       .help = "delete a segment; contacts and permission stay",
       .arguments = {segment},
       .run = segments_delete},
      {.noun = "segments",
       .verb = "add",
       .help = "put contacts into a segment",
       .arguments = {segment, {"EMAIL", "addresses or ids of contacts that exist", many}},
       .run = segments_add},
      {.noun = "segments",
       .verb = "remove",
       .help = "take contacts out of a segment",
       .arguments = {segment, {"EMAIL", "addresses or ids of contacts", many}},
       .run = segments_remove},
  };
}

std::vector<Command> topics_table() {
  return {
      {.noun = "topics",
       .verb = "create",
       .help = "make a topic: a kind of mail that people can choose",
       .arguments = {{"NAME", "its name, at most 50 characters"}},
       .options = {{.name = "default",
                    .value = "WORD",
                    .help = "opt_in: everybody receives it unless they opted out; opt_out: nobody unless they opted in",
                    .words = {"opt_in", "opt_out"},
                    .required = true},
                   visibility,
                   {.name = "description",
                    .value = "TEXT",
                    .help = "what people read about it, at most 200 characters"}},
       .more = "The default can never be changed afterwards.",
       .run = topics_create},
      {.noun = "topics", .verb = "list", .help = "list topics, in the order they were made", .run = topics_list},
      {.noun = "topics",
       .verb = "show",
       .help = "show one topic and how many chose it",
       .arguments = {topic},
       .run = topics_show},
      {.noun = "topics",
       .verb = "update",
       .help = "change name, description or visibility of a topic",
       .arguments = {topic},
       .options = {{.name = "name", .value = "NEW", .help = "the new name"},
                   {.name = "description", .value = "TEXT", .help = "the new description"},
                   visibility},
       .run = topics_update},
      {.noun = "topics",
       .verb = "delete",
       .help = "delete a topic and the choices about it; the history stays",
       .arguments = {topic},
       .run = topics_delete},
      {.noun = "topics",
       .verb = "choose",
       .help = "set what a contact has chosen about a topic",
       .arguments = {person},
       .options = {{.name = "topic", .value = "NAME", .help = "name or id of the topic", .required = true},
                   {.name = "choice",
                    .value = "WORD",
                    .help = "opt_in or opt_out",
                    .words = {"opt_in", "opt_out"},
                    .required = true},
                   override_reason},
       .run = topics_choose},
  };
}

std::vector<Command> permission_table() {
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

std::vector<Command> definitions_table() {
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

std::vector<Command> answers_table() {
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

std::vector<Command> store_table() {
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

}  // namespace

const std::vector<Option>& global_options() {
  static const std::vector<Option> options = {
      {.name = "db", .value = "URL", .help = "the store (default: $MAILROLL_DB, else sqlite:///mailroll.db)"},
      {.name = "team", .value = "NAME", .help = "the team (default: default)"},
      {.name = "format",
       .value = "FORMAT",
       .help = "how results are printed (default: table)",
       .words = {"table", "json", "ndjson", "csv"}},
      {.name = "key-file", .value = "FILE", .help = "keyring with the hash key, where the store does not keep it"},
      {.name = "quiet", .help = "no notes and no progress on standard error"},
      {.name = "help", .help = "show help for what stands before it", .letter = 'h'},
      {.name = "version", .help = "show the program's version"},
  };
  return options;
}

const std::vector<Noun>& nouns() {
  static const std::vector<Noun> all = {
      {"contacts", "people: one contact for each address"},
      {"segments", "the team's own groups of contacts"},
      {"topics", "kinds of mail that people choose"},
      {"properties", "custom attributes of contacts"},
      {"teams", "owners of everything else"},
      {"suppressions", "addresses that get nothing at all"},
      {"audience", "who may receive a mail, and why"},
      {"migrate", "from old audiences to global contacts"},
  };
  return all;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> table;
    for (const auto& part : {contacts_table(), segments_table(), topics_table(), permission_table(),
                             definitions_table(), answers_table(), store_table()}) {
      table.insert(table.end(), part.begin(), part.end());
    }
    return table;
  }();
  return all;
}

const Command* find_command(std::string_view noun, std::string_view verb) {
  for (const Command& command : commands()) {
    if (command.noun == noun && command.verb == verb) return &command;
  }
  return nullptr;
}

const Noun* find_noun(std::string_view noun) {
  for (const Noun& known : nouns()) {
    if (known.name == noun) return &known;
  }
  return nullptr;
}

std::vector<const Command*> commands_of(std::string_view noun) {
  std::vector<const Command*> found;
  for (const Command& command : commands()) {
    if (command.noun == noun) found.push_back(&command);
  }
  return found;
}

}  // namespace mailroll::cli
