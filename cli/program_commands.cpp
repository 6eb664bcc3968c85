#include "command_table.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "context.hpp"
#include "help.hpp"

namespace mailroll::cli {

int print_completion(Context& context) {
  context.output.write(context.args["SHELL"] == "bash" ? bash_completion() : zsh_completion());
  return exit_code::done;
}

int print_help(Context& context) {
  const std::string& noun = context.args["NOUN"];
  const std::string& verb = context.args["VERB"];
  if (noun.empty()) {
    context.output.write(help_of_program());
  } else if (const Command* command = find_command(noun, verb)) {
    context.output.write(help_of(*command));
  } else if (find_noun(noun) != nullptr && verb.empty()) {
    context.output.write(help_of_noun(noun));
  } else {
    std::vector<std::string> known;
    known.reserve(commands().size());
    for (const Command& each : commands()) known.push_back(find_noun(noun) != nullptr ? each.verb : each.noun);
    throw UsageError("there is no such command" + suggestion(find_noun(noun) != nullptr ? verb : noun, known) +
                     "; see mailroll --help");
  }
  return exit_code::done;
}

int print_version(Context& context) {
  const std::string number(version());
  context.out.record({{"version", number}}, [&](Sheet& sheet) { sheet.line("mailroll " + number); });
  return exit_code::done;
}

}  // namespace mailroll::cli
