/// What was typed, taken apart by the command table.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "mailroll/nearest_name.hpp"
#include "mailroll/time.hpp"

namespace mailroll::cli {

/// The command line itself is wrong: exit code 2. The text is one line and repeats no value that was typed, since it
/// may be an address or a password.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The words and options of one command, global ones included, by name.
class Arguments {
 public:
  void put(const std::string& name, std::string value) { values_[name].push_back(std::move(value)); }

  /// An argument that must be there, or "" for an optional one that is not.
  [[nodiscard]] const std::string& operator[](const std::string& name) const;
  /// An option or argument was given.
  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const;
  /// Every value given, in order.
  [[nodiscard]] const std::vector<std::string>& all(const std::string& name) const;
  /// A whole number of at least `least`; a usage error where it is another text.
  [[nodiscard]] std::optional<std::uint64_t> number(const std::string& name, std::uint64_t least = 0) const;
  /// A point in time as parse_time reads it; a usage error where it is another text.
  [[nodiscard]] std::optional<Time> time(const std::string& name) const;
  /// A length of time as parse_duration reads it; a usage error where it is another text.
  [[nodiscard]] std::optional<std::chrono::seconds> duration(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// What is to be done.
struct Invocation {
  const Command* command = nullptr;  ///< nothing: help or version was asked for, or nothing at all
  std::string noun;                  ///< of the help asked for; "" for the whole program
  bool help = false;
  bool version = false;
  Arguments arguments;
};

/// Takes the words after the program's name apart. Throws UsageError.
Invocation parse_command_line(const std::vector<std::string>& words);

/// The value of --format among the words, however wrong the rest of them is; for printing a usage error.
std::string format_among(const std::vector<std::string>& words);

/// What a word means of which the command table has let through only known ones.
template <typename Meaning>
Meaning known(const std::optional<Meaning>& meaning) {
  if (!meaning) throw UsageError("a word on the command line has no meaning here");
  return *meaning;
}

}  // namespace mailroll::cli
