#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

using enum Argument::Count;
using namespace shared;

const Argument segment{"NAME", "name or id of the segment"};
const Argument topic{"NAME", "name or id of the topic"};
const Option of_segment{.name = "segment",
                        .value = "EXPR",
                        .help = "only those in this segment (name or id), or expression: VIP & Newsletter"};
const Option first_name{.name = "first-name", .value = "TEXT", .help = "first name"};
const Option last_name{.name = "last-name", .value = "TEXT", .help = "last name"};
const Option visibility{
    .name = "visibility",
    .value = "WORD",
    .help = "public: shown to everybody on the preference page; private (default): only to those in it",
    .words = {"public", "private"}};

const Option topic_basis{.name = "basis",
                         .value = "WORD",
                         .help = "lawful basis of mail on it; events of it get it, too",
                         .words = basis_words()};
const Option new_basis = [] {
  Option option = topic_basis;
  option.help = "lawful basis of mail on it from now on; none: not said";
  option.words.emplace_back("none");
  return option;
}();

}  // namespace

std::vector<Command> contact_rows() {
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
       .verb = "erase",
       .help = "forget a person: everything but that they are to be left alone",
       .arguments = {person},
       .options = {{.name = "reason", .value = "TEXT", .help = "why; kept for good, so leave names and addresses out"},
                   {.name = "yes", .help = "do not ask"}},
       .more =
           "Works for an address that is no contact, too. Imports and sign-ups by others are refused afterwards\n"
           "(suppressed_erased); only the person comes back, by confirming a sign-up. docs/erasure.md says what stays.",
       .run = contacts_erase},
      {.noun = "contacts",
       .verb = "export-person",
       .help = "print everything held on one person, as one JSON document",
       .arguments = {person},
       .run = contacts_export_person},
      {.noun = "contacts",
       .verb = "change-address",
       .help = "give a contact another address",
       .arguments = {{"OLD", "the contact: its address, its id, or an id from before"}, {"NEW", "the new address"}},
       .more =
           "What the person said goes along, and stays under the old address too; bounces stay with the old address.",
       .run = contacts_change_address},
      {.noun = "contacts",
       .verb = "merge",
       .help = "make one contact of two",
       .arguments = {{"KEEP", "the contact that stays: address or id"},
                     {"OTHER", "the contact that goes: address or id; its id goes on leading to the one that stays"}},
       .more = "A scope that either opted out of ends opted out. What waits to be confirmed goes on waiting.",
       .run = contacts_merge},
      {.noun = "contacts",
       .verb = "revoke-links",
       .help = "make the links that were sent so far good for leaving only, e.g. after a mail was forwarded",
       .arguments = {person},
       .run = contacts_revoke_links},
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

std::vector<Command> segment_rows() {
  return {
      {.noun = "segments",
       .verb = "create",
       .help = "make a segment",
       .arguments = {{"NAME", "its name; several segments may bear one name"}},
       .options = {{.name = "where",
                    .value = "FILTER",
                    .help = "make it dynamic: whoever the filter means is in it, e.g. \"plan = 'pro'\""}},
       .run = segments_create},
      {.noun = "segments", .verb = "list", .help = "list segments, in the order they were made", .run = segments_list},
      {.noun = "segments", .verb = "show", .help = "show one segment", .arguments = {segment}, .run = segments_show},
      {.noun = "segments",
       .verb = "rename",
       .help = "give a segment another name",
       .arguments = {segment, {"NEW", "the new name"}},
       .run = segments_rename},
      {.noun = "segments",
       .verb = "update",
       .help = "give a dynamic segment another filter",
       .arguments = {segment},
       .options = {{.name = "where", .value = "FILTER", .help = "the new filter", .required = true}},
       .run = segments_update},
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

std::vector<Command> topic_rows() {
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
                    .help = "what people read about it, at most 200 characters"},
                   topic_basis},
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
       .help = "change name, description, visibility or basis of a topic",
       .arguments = {topic},
       .options = {{.name = "name", .value = "NEW", .help = "the new name"},
                   {.name = "description", .value = "TEXT", .help = "the new description"},
                   visibility,
                   new_basis},
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

}  // namespace mailroll::cli
