#include "help.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "command_table.hpp"

namespace mailroll::cli {
namespace {

constexpr std::size_t width = 100;

/// Where the piece that begins at `start` ends: at a blank, but an option in brackets stays with its value.
std::size_t end_of_piece(const std::string& text, std::size_t start) {
  const std::size_t from = text.compare(start, 3, "[--") == 0 ? text.find(']', start) : start;
  return std::min(text.find(' ', from), text.size());
}

/// Breaks `text` at blanks; lines after the first begin with `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = end_of_piece(text, start);
    const std::size_t length = end - start;
    if (column > indent && column + 1 + length > width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      result += ' ';
      ++column;
    }
    result += text.substr(start, length);
    column += length;
    start = end + 1;
  }
  return result;
}

std::string two_columns(const std::vector<std::pair<std::string, std::string>>& lines) {
  std::size_t widest = 0;
  for (const auto& [left, right] : lines) widest = std::max(widest, left.size());
  std::string text;
  for (const auto& [left, right] : lines) {
    text += "  " + left + std::string(widest - left.size() + 2, ' ') + wrapped(right, widest + 4) + "\n";
  }
  return text;
}

std::string with_value(const Option& option) {
  return "--" + option.name + (option.is_flag() ? "" : " " + option.value);
}

std::string left_of(const Option& option) {
  return (option.letter != '\0' ? std::string("-") + option.letter + ", " : std::string()) + with_value(option);
}

std::string right_of(const Option& option) {
  std::string text = option.help;
  if (!option.words.empty()) {
    std::string list;
    for (const std::string& word : option.words) list += (list.empty() ? "" : ", ") + word;
    text += " [" + list + "]";
  }
  if (option.repeated) text += " (may be repeated)";
  if (option.required) text += " (needed)";
  return text;
}

std::string options_text(const std::vector<Option>& options) {
  std::vector<std::pair<std::string, std::string>> lines;
  lines.reserve(options.size());
  for (const Option& option : options) lines.emplace_back(left_of(option), right_of(option));
  return two_columns(lines);
}

const Option* find_option(const Command& command, const std::string& name) {
  for (const Option& option : command.options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

}  // namespace

std::string synopsis(const Command& command) {
  std::string text = "mailroll " + command.name();
  for (const Argument& argument : command.arguments) {
    switch (argument.count) {
      case Argument::Count::one: text += " " + argument.name; break;
      case Argument::Count::optional: text += " [" + argument.name + "]"; break;
      case Argument::Count::many: text += " " + argument.name + "..."; break;
      case Argument::Count::any: text += " [" + argument.name + "...]"; break;
    }
  }
  std::set<std::string> shown;
  for (const Option& option : command.options) {
    if (shown.contains(option.name)) continue;
    const auto in_group = [&](const auto& group) {
      return std::find(group.begin(), group.end(), option.name) != group.end();
    };
    const auto group = std::find_if(command.exactly_one.begin(), command.exactly_one.end(), in_group);
    if (group != command.exactly_one.end()) {
      std::string list;
      for (const std::string& name : *group) {
        shown.insert(name);
        list += (list.empty() ? "" : " | ") + with_value(*find_option(command, name));
      }
      text += " (" + list + ")";
    } else {
      text += option.required ? " " + with_value(option) : " [" + with_value(option) + "]";
      if (option.repeated) text += "...";
    }
  }
  return text;
}

std::string help_of_program() {
  std::string text =
      "mailroll keeps one list of contacts, and knows who gets which mail, and why.\n"
      "\n"
      "usage: mailroll [OPTIONS] NOUN VERB ...\n"
      "\n"
      "commands:\n";
  std::vector<std::pair<std::string, std::string>> lines;
  std::set<std::string> shown;
  for (const Command& command : commands()) {
    if (!shown.insert(command.noun).second) continue;
    const Noun* noun = find_noun(command.noun);
    if (noun == nullptr) {
      lines.emplace_back(command.noun, command.help);
      continue;
    }
    std::string verbs;
    for (const Command* each : commands_of(command.noun)) verbs += (verbs.empty() ? "" : ", ") + each->verb;
    lines.emplace_back(command.noun, noun->help + ": " + verbs);
  }
  text += two_columns(lines);
  text += "\noptions of every command, before or after its words:\n" + options_text(global_options());
  text +=
      "\n"
      "A store is sqlite:///relative.db, sqlite:////absolute.db, postgresql://user@host/database or memory://; "
      "mailroll backends lists the kinds.\n"
      "Segments and topics go by name or id, people by address or id.\n"
      "\n"
      "exit codes:\n" +
      two_columns({{"0", "done"},
                   {"1", "failed"},
                   {"2", "the command line is wrong, or a name on it is borne by several (their ids are listed)"},
                   {"3", "not found"},
                   {"4", "refused by a rule"},
                   {"5", "the input had rejected rows; the rest was done"},
                   {"6", "the store cannot be reached or opened"}});
  text += "\nmailroll NOUN --help and mailroll NOUN VERB --help say more.\n";
  return text;
}

std::string help_of_noun(std::string_view noun) {
  const Noun* known = find_noun(noun);
  std::string text =
      "mailroll " + std::string(noun) + (known != nullptr ? ": " + known->help : std::string()) + "\n\nverbs:\n";
  std::vector<std::pair<std::string, std::string>> lines;
  const std::vector<const Command*> verbs = commands_of(noun);
  lines.reserve(verbs.size());
  for (const Command* command : verbs) lines.emplace_back(command->verb, command->help);
  return text + two_columns(lines) + "\nmailroll " + std::string(noun) + " VERB --help says more.\n";
}

std::string help_of(const Command& command) {
  std::string text = "usage: " + wrapped(synopsis(command), 4) + "\n\n" + command.help + "\n";
  if (!command.more.empty()) text += command.more + "\n";
  if (!command.arguments.empty()) {
    std::vector<std::pair<std::string, std::string>> lines;
    lines.reserve(command.arguments.size());
    for (const Argument& argument : command.arguments) lines.emplace_back(argument.name, argument.help);
    text += "\narguments:\n" + two_columns(lines);
  }
  if (!command.options.empty()) text += "\noptions:\n" + options_text(command.options);
  return text + "\noptions of every command:\n" + options_text(global_options());
}

}  // namespace mailroll::cli
