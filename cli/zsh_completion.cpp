#include <set>

#include "command_table.hpp"
#include "completion.hpp"

namespace mailroll::cli {
namespace {

/// Inside single quotes of zsh, and as a message of _arguments, where brackets and colons mean something.
std::string message(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      result += std::string("\\") + c;
    } else {
      result += c;
    }
  }
  return result;
}

std::string action(const std::vector<std::string>& words, bool is_file) {
  if (is_file) return "_files";
  if (words.empty()) return " ";
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : " ") + word;
  return "(" + list + ")";
}

std::string specification(const Option& option) {
  const std::string star = option.repeated ? "*" : "";
  std::string rest = "[" + message(option.help) + "]";
  if (!option.is_flag()) rest += ":" + message(option.value) + ":" + action(option.words, option.is_file());
  std::string text = " '" + star + "--" + option.name + rest + "'";
  if (option.letter != '\0') text += " '" + star + "-" + option.letter + rest + "'";
  return text;
}

std::string described(const std::string& word, const std::string& help) {
  return " '" + message(word) + ":" + message(help) + "'";
}

std::string arguments_of(const Command& command) {
  std::string text;
  for (const Option& option : command.options) text += specification(option);
  std::size_t place = 1;
  for (const Argument& argument : command.arguments) {
    const bool many = argument.count == Argument::Count::many || argument.count == Argument::Count::any;
    const bool optional = argument.count == Argument::Count::optional;
    text += " '" + (many ? std::string("*") : std::to_string(place++)) + (optional ? "::" : ":") +
            message(argument.name) + ":" + action(argument.words, argument.is_file()) + "'";
  }
  return text;
}

}  // namespace

std::string zsh_completion() {
  std::string globals;
  for (const Option& option : global_options()) globals += specification(option);
  std::string first;
  std::string cases;
  std::set<std::string> seen;
  for (const Command& command : commands()) {
    if (!seen.insert(command.noun).second) continue;
    const Noun* noun = find_noun(command.noun);
    first += described(command.noun, noun != nullptr ? noun->help : command.help);
    if (noun == nullptr) {
      cases += "        " + command.noun + ") _arguments $globals" + arguments_of(command) + " ;;\n";
      continue;
    }
    std::string verbs;
    std::string verb_cases;
    for (const Command* each : commands_of(command.noun)) {
      verbs += described(each->verb, each->help);
      verb_cases += "                " + each->verb + ") _arguments $globals" + arguments_of(*each) + " ;;\n";
    }
    cases.append("        ")
        .append(command.noun)
        .append(
            ")\n"
            "          _arguments -C $globals '1: :->verb' '*:: :->rest'\n"
            "          case $state in\n"
            "            verb) verbs=(");
    cases.append(verbs).append(
        "); _describe verb verbs ;;\n"
        "            rest)\n"
        "              case $words[1] in\n");
    cases.append(verb_cases)
        .append(
            "              esac ;;\n"
            "          esac ;;\n");
  }
  return "#compdef mailroll\n"
         "# Completion of mailroll for zsh; made by `mailroll completion zsh`.\n"
         "_mailroll() {\n"
         "  local curcontext=\"$curcontext\" state line\n"
         "  local -a globals nouns verbs\n"
         "  globals=(" +
         globals +
         ")\n"
         "  _arguments -C $globals '1: :->noun' '*:: :->rest'\n"
         "  case $state in\n"
         "    noun) nouns=(" +
         first +
         "); _describe command nouns ;;\n"
         "    rest)\n"
         "      case $words[1] in\n" +
         cases +
         "      esac ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _mailroll ]]; then _mailroll \"$@\"; else compdef _mailroll mailroll; fi\n";
}

}  // namespace mailroll::cli
