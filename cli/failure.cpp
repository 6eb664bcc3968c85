#include "failure.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>

#include "context.hpp"
#include "display.hpp"

namespace mailroll::cli {

int exit_code_of(const Error& error) {
  constexpr std::array<std::string_view, 8> unreachable = {"unreachable",  "disconnected",      "not_a_database",
                                                           "newer_schema", "lost_key",          "busy",
                                                           "timeout",      "backend_not_loaded"};
  switch (error.kind()) {
    // A file that cannot be read is no mistake of the command line.
    case ErrorKind::invalid: return error.details().contains("file") ? exit_code::failed : exit_code::usage;
    case ErrorKind::not_found: return error.details().contains("file") ? exit_code::failed : exit_code::not_found;
    case ErrorKind::refused: return exit_code::refused;
    // A name that several bear: the command line did not say which.
    case ErrorKind::conflict: return error.details().contains("ids") ? exit_code::usage : exit_code::failed;
    case ErrorKind::storage:
      return std::find(unreachable.begin(), unreachable.end(), error.reason()) != unreachable.end()
                 ? exit_code::unreachable
                 : exit_code::failed;
    case ErrorKind::cancelled: return exit_code::failed;
  }
  return exit_code::failed;
}

void print_error(Format format, const std::string& kind, const std::string& message, const ErrorDetails& details) {
  if (format == Format::json || format == Format::ndjson) {
    Json error = {{"kind", kind}, {"message", message}, {"details", Json::object()}};
    for (const auto& [key, value] : details) error["details"][key] = value;
    std::cerr << json_text(Json{{"error", error}}) << "\n";
    return;
  }
  std::string line = "mailroll: " + message;
  const auto ids = details.find("ids");
  if (ids != details.end() && message.find(ids->second) == std::string::npos) line += " (ids: " + ids->second + ")";
  std::cerr << harmless(line) << "\n";
}

void print_error(Format format, const Error& error) {
  print_error(format, std::string(to_string(error.kind())), error.what(), error.details());
}

}  // namespace mailroll::cli
