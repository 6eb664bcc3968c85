/// What a command is: the row of the table from which parsing, help and completion are made.
#pragma once

#include <string>
#include <vector>

namespace mailroll::cli {

class Context;

/// An option of a command, or of all of them.
struct Option {
  std::string name;                     ///< without the hyphens
  std::string value = {};               ///< what stands for its value in help, e.g. "NAME"; "" where it is a flag
  std::string help = {};                ///< half a sentence, always there
  std::vector<std::string> words = {};  ///< the only values allowed; none: any
  bool required = false;
  bool repeated = false;  ///< may be given several times
  char letter = '\0';     ///< its short form, e.g. 'o'

  [[nodiscard]] bool is_flag() const { return value.empty(); }
  /// Its value is the path of a file or a folder (completion).
  [[nodiscard]] bool is_file() const { return value == "FILE" || value == "DIR"; }
};

/// A word of a command that is no option.
struct Argument {
  enum class Count { one, optional, many, any };  ///< many: at least one; any: also none
  std::string name;                               ///< e.g. "EMAIL"
  std::string help;
  Count count = Count::one;
  std::vector<std::string> words = {};  ///< the only values allowed; none: any

  [[nodiscard]] bool is_file() const { return name == "FILE" || name == "PATH"; }
};

struct Command {
  std::string noun;
  std::string verb;  ///< "" where the noun says it all, e.g. `usage`
  std::string help;  ///< one line
  std::vector<Argument> arguments = {};
  std::vector<Option> options = {};
  std::vector<std::vector<std::string>> exactly_one = {};  ///< groups of options of which exactly one is given
  std::string more = {};                                   ///< further sentences for `--help`
  int (*run)(Context&) = nullptr;                          ///< answers the exit code

  [[nodiscard]] std::string name() const { return verb.empty() ? noun : noun + " " + verb; }
};

struct Noun {
  std::string name;
  std::string help;
};

}  // namespace mailroll::cli
