#include "command_table.hpp"

#include "command_rows.hpp"

namespace mailroll::cli {

const std::vector<Option>& global_options() {
  static const std::vector<Option> options = {
      {.name = "db", .value = "URL", .help = "the store (default: $MAILROLL_DB, else sqlite:///mailroll.db)"},
      {.name = "team", .value = "NAME", .help = "the team (default: default)"},
      {.name = "format",
       .value = "FORMAT",
       .help = "how results are printed (default: table)",
       .words = {"table", "json", "ndjson", "csv"}},
      {.name = "key-file", .value = "FILE", .help = "keyring with the keys that the store does not keep"},
      {.name = "backend-path",
       .value = "DIR",
       .help = "a folder with plugins for more kinds of store, or the file of one; mailroll backends lists them",
       .repeated = true},
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
      {"keys", "what ids are computed under and links are signed with"},
      {"handoff", "people leased to a mailer, each at most once per broadcast"},
      {"feed", "what lowered permission, for other systems"},
      {"retention", "how long evidence of consent is kept"},
      {"migrate", "from old audiences to global contacts"},
  };
  return all;
}

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> table;
    for (const auto& part :
         {contact_rows(), segment_rows(), topic_rows(), permission_rows(), link_rows(), definition_rows(),
          suppression_rows(), answer_rows(), key_rows(), delivery_rows(), retention_rows(), store_rows()}) {
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
