#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "command_line.hpp"
#include "context.hpp"
#include "failure.hpp"
#include "help.hpp"

namespace mailroll::cli {
namespace {

/// Colour where somebody looks, and did not say that they want none (https://no-color.org).
bool wants_colour(const Output& output) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return output.is_terminal() && (no_colour == nullptr || *no_colour == '\0') &&
         (kind == nullptr || std::string_view(kind) != "dumb");
}

int run(const std::vector<std::string>& words, Output& output) {
  const Invocation invocation = parse_command_line(words);
  if (invocation.help) {
    output.write(invocation.command != nullptr ? help_of(*invocation.command)
                 : invocation.noun.empty()     ? help_of_program()
                                               : help_of_noun(invocation.noun));
    return exit_code::done;
  }
  if (invocation.version) {
    output.write("mailroll " + std::string(version()) + "\n");
    return exit_code::done;
  }
  const Format format = parse_format(invocation.arguments["format"]).value_or(Format::table);
  const auto printer = make_printer(format, output, wants_colour(output));
  for (const std::string& path : invocation.arguments.all("backend-path")) load_backend(path);
  Context context(invocation.arguments, format, output, *printer);
  return invocation.command->run(context);
}

int run_and_report(const std::vector<std::string>& words) {
  const Format format = parse_format(format_among(words)).value_or(Format::table);
  Output output(STDOUT_FILENO, "standard output");
  try {
    const int code = run(words, output);
    output.flush();
    return code;
  } catch (const ReaderGone&) {
    return exit_code::done;
  } catch (const UsageError& error) {
    print_error(format, "usage", error.what());
    return exit_code::usage;
  } catch (const Error& error) {
    print_error(format, error);
    return exit_code_of(error);
  } catch (const std::bad_alloc&) {
    print_error(format, "failed", "out of memory");
  } catch (const OutputFailed& error) {
    print_error(format, "failed", error.what());
  } catch (const std::exception&) {
    // Nobody knows what its text holds.
    print_error(format, "failed", "an error that mailroll did not expect; please report what you typed");
  }
  return exit_code::failed;
}

}  // namespace
}  // namespace mailroll::cli

int main(int count, char** words) {
  // A pipe whose reader has gone is noticed when writing.
  std::signal(SIGPIPE, SIG_IGN);
  return mailroll::cli::run_and_report(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count));
}
