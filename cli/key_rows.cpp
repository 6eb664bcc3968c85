#include "command_rows.hpp"
#include "commands.hpp"

namespace mailroll::cli {
namespace {

const Argument kind{"KIND", "hash (contact ids) or link (tokens in links)", Argument::Count::one, {"hash", "link"}};
const Argument id{"ID", "the key's id, as `keys list` shows it"};

}  // namespace

std::vector<Command> key_rows() {
  return {
      {.noun = "keys", .verb = "list", .help = "list the keys, without their secrets", .run = keys_list},
      {.noun = "keys",
       .verb = "add",
       .help = "make a key that signs from now on, and retire the one that did",
       .arguments = {kind},
       .more = "Where the store does not keep the secrets, first add the line `KIND ID HEX` to the keyring, with the\n"
               "next id and 64 random hex digits. A new hash key changes no id until `mailroll rekey` does.",
       .run = keys_add},
      {.noun = "keys",
       .verb = "retire",
       .help = "take a key out of signing; what it signed stays good",
       .arguments = {kind, id},
       .run = keys_retire},
      {.noun = "keys",
       .verb = "revoke",
       .help = "believe a leaked link key no longer: links that it signed are dead",
       .arguments = {kind, id},
       .run = keys_revoke},
      {.noun = "keys",
       .verb = "move-out",
       .help = "move the secrets out of the store into a new keyring file",
       .arguments = {{"FILE", "a file that is not there yet; it gets mode 0600"}},
       .more = "From then on every command needs --key-file FILE (or its lines in MAILROLL_KEYS). Keep a copy of it\n"
               "elsewhere: without the hash keys the store does not open.",
       .run = keys_move_out},
      {.noun = "rekey",
       .verb = "",
       .help = "move contacts under retired keys or another Unicode version to the key that signs",
       .more = "Old ids stay as aliases. An interrupted run is completed by the same command. Each team has its own\n"
               "(--team).",
       .run = rekey},
  };
}

}  // namespace mailroll::cli
