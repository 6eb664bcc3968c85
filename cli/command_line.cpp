#include "command_line.hpp"

#include <algorithm>
#include <charconv>

#include <boost/program_options.hpp>

#include "command_table.hpp"

namespace mailroll::cli {
namespace {

namespace po = boost::program_options;

// No guessing of shortened names: a new option must not change what an old script means.
constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

void describe(po::options_description& described, const std::vector<Option>& options) {
  for (const Option& option : options) {
    std::string name = option.name;
    if (option.letter != '\0') name += std::string(",") + option.letter;
    if (option.is_flag()) {
      described.add_options()(name.c_str(), "");
    } else {
      described.add_options()(name.c_str(), po::value<std::vector<std::string>>(), "");
    }
  }
}

/// What was typed, where it can be shown without showing an address or a password.
std::string shown(std::string_view typed) {
  const bool plain = !typed.empty() && typed.size() <= 40 && std::all_of(typed.begin(), typed.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return plain ? " '" + std::string(typed) + "'" : std::string();
}

std::string where(const Command& command) { return "see mailroll " + command.name() + " --help"; }

std::vector<std::string> option_names(const std::vector<Option>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const Option& option : options) names.push_back("--" + option.name);
  return names;
}

/// `--option=value` and `-xvalue` without the value.
std::string option_of(const std::string& token) { return token.substr(0, token.find('=')); }

po::parsed_options parse(const std::vector<std::string>& words, const std::vector<Option>& options, bool unknown_too,
                         const std::string& see) {
  po::options_description described;
  describe(described, options);
  po::command_line_parser parser(words);
  parser.options(described).style(style);
  if (unknown_too) parser.allow_unregistered();
  try {
    return parser.run();
  } catch (const po::unknown_option& error) {
    const std::string typed = option_of(error.get_option_name());
    throw UsageError("unknown option" + shown(typed) + suggestion(typed, option_names(options)) + "; " + see);
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string name = shown(option_of(error.get_option_name()));
    switch (error.kind()) {
      case po::invalid_syntax::missing_parameter: throw UsageError("option" + name + " wants a value; " + see);
      case po::invalid_syntax::empty_adjacent_parameter:
        throw UsageError("option" + name + " has an empty value; if that is meant, write it as a word of its own: ''");
      case po::invalid_syntax::extra_parameter: throw UsageError("option" + name + " takes no value; " + see);
      default: throw UsageError("option" + name + " cannot be read; " + see);
    }
  } catch (const po::error&) {
    throw UsageError("the command line cannot be read; " + see);
  }
}

const Option* find_option(const std::vector<Option>& options, const std::string& key) {
  for (const Option& option : options) {
    if (key == option.name || (option.letter != '\0' && key == std::string("-") + option.letter)) return &option;
  }
  return nullptr;
}

void check_word(const std::string& what, const std::vector<std::string>& allowed, const std::string& value) {
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  std::string list;
  for (const std::string& word : allowed) list += (list.empty() ? "" : ", ") + word;
  throw UsageError(what + " is one of " + list + suggestion(value, allowed));
}

/// All words that are left.
bool takes_all(const Argument& argument) {
  return argument.count == Argument::Count::many || argument.count == Argument::Count::any;
}

/// Hands the words of a command to its arguments, in order.
void assign(const Command& command, const std::vector<std::string>& words, Arguments& arguments) {
  std::size_t next = 0;
  for (const Argument& argument : command.arguments) {
    if (next == words.size()) {
      if (argument.count == Argument::Count::optional || argument.count == Argument::Count::any) continue;
      throw UsageError(argument.name + " is missing: " + argument.help + "; " + where(command));
    }
    const std::size_t end = takes_all(argument) ? words.size() : next + 1;
    for (; next < end; ++next) {
      check_word(argument.name, argument.words, words[next]);
      arguments.put(argument.name, words[next]);
    }
  }
  if (next < words.size()) {
    throw UsageError("one word too many (word " + std::to_string(next + 1) + " after 'mailroll " + command.name() +
                     "'); quote names with blanks; " + where(command));
  }
}

std::size_t most_words(const Command& command) {
  for (const Argument& argument : command.arguments) {
    if (takes_all(argument)) return std::string::npos;
  }
  return command.arguments.size();
}

void check_options(const Command& command, const Arguments& arguments) {
  for (const Option& option : command.options) {
    if (option.required && !arguments.has(option.name)) {
      throw UsageError("--" + option.name + " " + option.value + " is missing: " + option.help + "; " + where(command));
    }
  }
  for (const std::vector<std::string>& group : command.exactly_one) {
    std::string list;
    std::size_t given = 0;
    for (const std::string& name : group) {
      list += (list.empty() ? "--" : ", --") + name;
      given += arguments.has(name) ? 1 : 0;
    }
    if (given == 0) throw UsageError("one of " + list + " is missing; " + where(command));
    if (given > 1) throw UsageError("only one of " + list + " can be given; " + where(command));
  }
}

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words) {
  std::vector<Option> options = global_options();
  options.insert(options.end(), command.options.begin(), command.options.end());
  const std::size_t global = global_options().size();
  const po::parsed_options parsed = parse(words, options, false, where(command));

  const auto is_word = [](const po::option& option) { return option.position_key >= 0; };
  const auto count = static_cast<std::size_t>(std::count_if(parsed.options.begin(), parsed.options.end(), is_word));
  const std::size_t most = most_words(command);
  // `--segment A B`: words beyond those that the command has, right behind a repeated option of its own, are more of its
  // values.
  std::size_t surplus = most == std::string::npos || count <= most ? 0 : count - most;

  Arguments arguments;
  std::vector<std::string> words_left;
  const Option* repeated = nullptr;
  for (const po::option& token : parsed.options) {
    if (is_word(token)) {
      for (const std::string& word : token.value) {
        if (repeated != nullptr && surplus > 0) {
          check_word("--" + repeated->name, repeated->words, word);
          arguments.put(repeated->name, word);
          --surplus;
        } else {
          words_left.push_back(word);
        }
      }
      continue;
    }
    const Option* option = find_option(options, token.string_key);
    if (option == nullptr) continue;
    if (!option->repeated && arguments.has(option->name) && !option->is_flag()) {
      throw UsageError("--" + option->name + " is given twice; " + where(command));
    }
    const std::string value = option->is_flag() || token.value.empty() ? std::string() : token.value.front();
    if (!option->is_flag()) check_word("--" + option->name, option->words, value);
    arguments.put(option->name, value);
    repeated = option->repeated && option >= options.data() + global ? option : nullptr;
  }
  if (arguments.has("help")) return arguments;
  assign(command, words_left, arguments);
  check_options(command, arguments);
  return arguments;
}

std::vector<std::string> first_words() {
  std::vector<std::string> known;
  for (const Command& command : commands()) {
    if (known.empty() || known.back() != command.noun) known.push_back(command.noun);
  }
  return known;
}

/// Noun and verb taken out of the words, which keep their order.
struct Split {
  std::string noun;
  std::string verb;
  bool help = false;
  bool version = false;
  std::vector<std::string> rest;
};

Split split(const std::vector<std::string>& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");  // what follows is never an option
  const po::parsed_options parsed =
      parse(std::vector<std::string>(words.begin(), dashes), global_options(), true, "see mailroll --help");
  Split found;
  std::string stray;
  for (const po::option& token : parsed.options) {
    if (token.position_key >= 0 && !token.value.empty()) {
      const std::string& word = token.value.front();
      if (found.noun.empty()) {
        found.noun = word;
        continue;
      }
      if (found.verb.empty() && find_noun(found.noun) != nullptr && stray.empty()) {
        found.verb = word;
        continue;
      }
    } else if (token.unregistered && (found.noun.empty() || (find_noun(found.noun) != nullptr && found.verb.empty()))) {
      if (stray.empty() && !token.original_tokens.empty()) stray = option_of(token.original_tokens.front());
    }
    found.help = found.help || token.string_key == "help" || token.string_key == "-h";
    found.version = found.version || token.string_key == "version";
    found.rest.insert(found.rest.end(), token.original_tokens.begin(), token.original_tokens.end());
  }
  found.rest.insert(found.rest.end(), dashes, words.end());
  if (!stray.empty() && !found.help) {
    throw UsageError("unknown option" + shown(stray) + " before the command" +
                     suggestion(stray, option_names(global_options())) +
                     "; a command's own options stand after its verb; see mailroll --help");
  }
  return found;
}

}  // namespace

const std::string& Arguments::operator[](const std::string& name) const {
  static const std::string nothing;
  const auto found = values_.find(name);
  return found == values_.end() ? nothing : found->second.front();
}

std::optional<std::string> Arguments::get(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second.front());
}

const std::vector<std::string>& Arguments::all(const std::string& name) const {
  static const std::vector<std::string> nothing;
  const auto found = values_.find(name);
  return found == values_.end() ? nothing : found->second;
}

std::optional<std::uint64_t> Arguments::number(const std::string& name, std::uint64_t least) const {
  const std::optional<std::string> text = get(name);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size() || text->empty() || value < least) {
    throw UsageError("--" + name + " wants a whole number from " + std::to_string(least) + " on");
  }
  return value;
}

std::optional<Time> Arguments::time(const std::string& name) const {
  const std::optional<std::string> text = get(name);
  if (!text) return std::nullopt;
  if (const std::optional<Time> time = parse_time(*text)) return time;
  throw UsageError("--" + name + " wants a time, e.g. 2026-03-01T12:00:00Z or 2026-03-01 (UTC)");
}

std::optional<std::chrono::seconds> Arguments::duration(const std::string& name) const {
  const std::optional<std::string> text = get(name);
  if (!text) return std::nullopt;
  if (const std::optional<std::chrono::seconds> length = parse_duration(*text)) return length;
  throw UsageError("--" + name + " wants a length of time, e.g. 30d, 12h or 2w (units: s, m, h, d, w)");
}

Invocation parse_command_line(const std::vector<std::string>& words) {
  const Split parts = split(words);
  Invocation invocation;
  invocation.noun = parts.noun;
  invocation.help = parts.help;
  invocation.version = parts.version;
  if (parts.noun.empty()) {
    if (!parts.help && !parts.version) throw UsageError("no command given; see mailroll --help");
    return invocation;
  }
  invocation.command = find_command(parts.noun, parts.verb);
  if (invocation.command == nullptr) {
    if (find_noun(parts.noun) == nullptr) {
      throw UsageError("unknown command" + shown(parts.noun) + suggestion(parts.noun, first_words()) +
                       "; see mailroll --help");
    }
    std::vector<std::string> verbs;
    std::string list;
    for (const Command* command : commands_of(parts.noun)) {
      verbs.push_back(command->verb);
      list += (list.empty() ? "" : ", ") + command->verb;
    }
    if (!parts.verb.empty()) {
      throw UsageError("unknown verb" + shown(parts.verb) + suggestion(parts.verb, verbs) + "; mailroll " + parts.noun +
                       " has " + list);
    }
    if (!parts.help) throw UsageError("a verb is missing: mailroll " + parts.noun + " has " + list);
    return invocation;
  }
  if (!parts.help) invocation.arguments = parse_arguments(*invocation.command, parts.rest);
  invocation.help = invocation.help || invocation.arguments.has("help");
  return invocation;
}

std::string format_among(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with("--format=")) return words[i].substr(9);
    if (words[i] == "--format" && i + 1 < words.size()) return words[i + 1];
  }
  return {};
}

}  // namespace mailroll::cli
