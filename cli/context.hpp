/// What a command works with: its arguments, the roll, the printer, and a voice on standard error.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "command_line.hpp"
#include "interruption.hpp"
#include "mailroll/mailroll.hpp"
#include "printer.hpp"
#include "progress_bar.hpp"

namespace mailroll::cli {

/// The codes that scripts rely on.
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int not_found = 3;
inline constexpr int refused = 4;
inline constexpr int rejected_rows = 5;
inline constexpr int unreachable = 6;
}  // namespace exit_code

class Context {
 public:
  Context(const Arguments& given, Format chosen, Output& standard_output, Printer& printer)
      : args(given), format(chosen), output(standard_output), out(printer) {}

  const Arguments& args;
  const Format format;
  Output& output;  ///< standard output, for what is no record
  Printer& out;

  /// Opens the store that was named; once.
  Roll& roll();
  [[nodiscard]] std::string store_url() const;

  /// To people, on standard error: nothing where --quiet was given.
  void note(std::string_view text) const;
  /// To people, on standard error, also with --quiet.
  void warn(std::string_view text) const;
  /// Asks a person at a terminal; true where they say yes, and where nobody can be asked.
  [[nodiscard]] bool agreed(std::string_view question) const;
  /// Something that has no result of its own is done: a note for people, `record` for programs.
  void done(const Json& record, std::string_view text) const;
  /// Warns that an answer may be wrong about some people, because an import, migration, rekey or copy is unfinished.
  void warn_if_incomplete(bool incomplete) const;

  /// Runs long work with a progress bar; Ctrl-C stops it. `what_stays` then tells people what has been kept, as it
  /// does where the store fails.
  template <typename Work>
  auto long_work(std::string_view what_stays, Work work) const;

 private:
  std::optional<Roll> roll_;
};

/// One of --topic and --no-topic, as the table demands.
TopicRef topic_of(const Arguments& args);
/// One of --topic and --everything.
Scope scope_of(const Arguments& args);

template <typename Work>
auto Context::long_work(std::string_view what_stays, Work work) const {
  const Interruption interruption;
  ProgressBar bar(!args.has("quiet"));
  try {
    return work([&bar](const Progress& progress) {
      bar.draw(progress);
      return !Interruption::asked_for();
    });
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) {
      throw Error(ErrorKind::cancelled, "stopped: " + std::string(what_stays), error.details());
    }
    if (error.kind() != ErrorKind::storage) throw;
    throw Error(ErrorKind::storage, std::string(error.what()) + "; " + std::string(what_stays), error.details());
  }
}

}  // namespace mailroll::cli
