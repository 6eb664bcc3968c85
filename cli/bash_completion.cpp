#include <set>
#include <vector>

#include "command_table.hpp"
#include "completion.hpp"

namespace mailroll::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// Options that take a value, as a pattern of bash: `--db|--team`.
std::string with_values(const std::vector<Option>& options) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (option.is_flag()) continue;
    names.push_back("--" + option.name);
    if (option.letter != '\0') names.push_back(std::string("-") + option.letter);
  }
  return joined(names, "|");
}

std::string names_of(const std::vector<Option>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const Option& option : options) names.push_back("--" + option.name);
  return joined(names, " ");
}

/// The cases that complete an option's value; `before` is a pattern to put before it, e.g. "'contacts add':".
std::string value_cases(const std::string& before, const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    if (option.is_flag()) continue;
    std::string pattern = before + "--" + option.name;
    if (option.letter != '\0') pattern += "|" + before + "-" + option.letter;
    if (!option.words.empty()) {
      text +=
          "    " + pattern + ") COMPREPLY=($(compgen -W '" + joined(option.words, " ") + "' -- \"$cur\")); return ;;\n";
    } else if (option.is_file()) {
      text +=
          "    " + pattern + ") compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n";
    }
  }
  return text;
}

}  // namespace

std::string bash_completion() {
  std::vector<std::string> first;
  std::set<std::string> seen;
  for (const Command& command : commands()) {
    if (seen.insert(command.noun).second) first.push_back(command.noun);
  }
  std::string verbs;
  std::string nouns_with_verbs;
  for (const Noun& noun : nouns()) {
    nouns_with_verbs += noun.name + " ";
    std::string words;
    for (const Command* command : commands_of(noun.name)) words += (words.empty() ? "" : " ") + command->verb;
    verbs += "      " + noun.name + ") words='" + words + "' ;;\n";
  }
  std::string taking;
  std::string values = value_cases("*:", global_options());
  std::string options;
  std::string arguments;
  for (const Command& command : commands()) {
    const std::string values_taken = with_values(command.options);
    if (!values_taken.empty()) {
      std::string patterns;
      for (const Option& option : command.options) {
        if (option.is_flag()) continue;
        patterns += (patterns.empty() ? "" : "|") + ("'" + command.name() + ":--" + option.name + "'");
        if (option.letter != '\0') patterns += "|'" + command.name() + ":-" + option.letter + "'";
      }
      taking += "    " + patterns + ") return 0 ;;\n";
    }
    values += value_cases("'" + command.name() + "':", command.options);
    options += "    '" + command.name() + "') words='" + names_of(command.options) + "' ;;\n";
    for (const Argument& argument : command.arguments) {
      if (argument.is_file()) {
        arguments += "    '" + command.name() +
                     "') compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n";
      } else if (!argument.words.empty()) {
        arguments += "    '" + command.name() + "') COMPREPLY=($(compgen -W '" + joined(argument.words, " ") +
                     "' -- \"$cur\")) ;;\n";
      } else if (command.noun == "help") {
        arguments +=
            "    '" + command.name() + "') COMPREPLY=($(compgen -W '" + joined(first, " ") + "' -- \"$cur\")) ;;\n";
        break;
      }
    }
  }
  return "# Completion of mailroll for bash; made by `mailroll completion bash`.\n"
         "# Does the option $2 of the command $1 take a value?\n"
         "_mailroll_takes_value() {\n"
         "  case \"$2\" in\n"
         "    " +
         with_values(global_options()) +
         ") return 0 ;;\n"
         "  esac\n"
         "  case \"$1:$2\" in\n" +
         taking +
         "  esac\n"
         "  return 1\n"
         "}\n"
         "\n"
         "_mailroll() {\n"
         "  local cur prev noun='' verb='' command='' words='' word i\n"
         "  local has_verbs=' " +
         nouns_with_verbs +
         "'\n"
         "  cur=\"${COMP_WORDS[COMP_CWORD]}\"\n"
         "  prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=\"${COMP_WORDS[i]}\"\n"
         "    case \"$word\" in\n"
         "      -*) if _mailroll_takes_value \"$command\" \"$word\"; then ((i++)); fi ;;\n"
         "      *)\n"
         "        if [[ -z $noun ]]; then\n"
         "          noun=\"$word\"\n"
         "          [[ $has_verbs == *\" $noun \"* ]] || command=\"$noun\"\n"
         "        elif [[ -z $command ]]; then\n"
         "          verb=\"$word\"\n"
         "          command=\"$noun $verb\"\n"
         "        fi ;;\n"
         "    esac\n"
         "  done\n"
         "\n"
         "  case \"$command:$prev\" in\n" +
         values +
         "  esac\n"
         "  if _mailroll_takes_value \"$command\" \"$prev\"; then return; fi\n"
         "\n"
         "  if [[ $cur == -* ]]; then\n"
         "    case \"$command\" in\n" +
         options +
         "    esac\n"
         "    COMPREPLY=($(compgen -W \"$words " +
         names_of(global_options()) +
         "\" -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  if [[ -z $noun ]]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         joined(first, " ") +
         "' -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  if [[ -z $command ]]; then\n"
         "    case \"$noun\" in\n" +
         verbs +
         "    esac\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$command\" in\n" +
         arguments +
         "  esac\n"
         "}\n"
         "complete -F _mailroll mailroll\n";
}

}  // namespace mailroll::cli
