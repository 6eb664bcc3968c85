#include "conformance/command_line.hpp"

#include <fstream>
#include <random>
#include <sstream>

#include <boost/program_options.hpp>
#include <fnmatch.h>

namespace mailroll::conformance {
namespace {

namespace po = boost::program_options;

constexpr const char* see = "; see mailroll-conformance --help";

po::options_description described() {
  po::options_description options;
  auto add = options.add_options();
  for (const char* name : {"db", "only", "allow-skips", "worker", "team", "input", "log"}) {
    add(name, po::value<std::string>(), "");
  }
  add("backend-path", po::value<std::vector<std::string>>(), "");
  add("seed", po::value<std::uint64_t>(), "")("rounds", po::value<int>(), "");
  for (const char* name : {"help,h", "list", "version"}) add(name, "");
  return options;
}

/// Words of capabilities, one a line; # begins a comment.
Capabilities read_allowed_skips(const std::string& file) {
  Capabilities allowed;
  if (file == "none") return allowed;
  std::ifstream lines(file);
  if (!lines) throw UsageError(std::string("the file of --allow-skips cannot be read") + see);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    while (words >> word) {
      const std::optional<Capability> capability = parse_capability(word);
      if (!capability) {
        throw UsageError("the file of --allow-skips, line " + std::to_string(number) + ": no word for a capability" +
                         see);
      }
      allowed.insert(*capability);
    }
  }
  return allowed;
}

}  // namespace

Arguments parse_command_line(const std::vector<std::string>& words) {
  po::variables_map given;
  try {
    // No guessing of shortened names: a new option must not change what an old script means.
    constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(words).options(described()).positional({}).style(style).run(), given);
  } catch (const po::error&) {
    throw UsageError(std::string("the command line cannot be read") + see);
  }
  Arguments arguments;
  arguments.help = given.contains("help");
  arguments.version = given.contains("version");
  arguments.list = given.contains("list");
  if (arguments.help || arguments.version) return arguments;
  if (given.contains("only")) arguments.only = given["only"].as<std::string>();
  if (arguments.list) return arguments;
  if (!given.contains("db")) throw UsageError(std::string("--db URL is missing: the address of an empty store") + see);
  Settings& settings = arguments.settings;
  settings.store.url = given["db"].as<std::string>();
  if (given.contains("backend-path")) {
    settings.store.backend_paths = given["backend-path"].as<std::vector<std::string>>();
  }
  settings.seed = given.contains("seed") ? given["seed"].as<std::uint64_t>() : std::random_device{}();
  if (given.contains("rounds")) settings.rounds = given["rounds"].as<int>();
  if (given.contains("worker")) {
    const auto word = [&](const char* name) {
      return given.contains(name) ? given[name].as<std::string>() : std::string();
    };
    arguments.work = Work{word("worker"), settings.store, word("team"), settings.seed, word("input"), word("log")};
  }
  if (settings.rounds < 1) throw UsageError(std::string("--rounds is at least 1") + see);
  if (given.contains("allow-skips"))
    arguments.allowed_skips = read_allowed_skips(given["allow-skips"].as<std::string>());
  return arguments;
}

std::string help_text() {
  std::string text =
      R"(usage: mailroll-conformance --db URL [options]

Holds a store to what every store of mailroll promises (mailroll/store/store.hpp), and prints a line for each
promise. Needs nothing but the store's address, and the backend's file where libmailroll does not find it.

The store at URL must be empty, and is not empty afterwards: make one for this, and throw it away. Each case works
in teams of its own, so one store serves all cases; what concerns the whole store (keys) is tried last.

options:
  --db URL            address of an empty store, e.g. sqlite:///new.db
  --backend-path DIR  a folder with the backend's file, or the file (may be repeated)
  --only PATTERN      only cases whose name holds PATTERN; with * or ? in it, matches it
  --list              print the cases, and what a store must be able to do for them; needs no --db
  --seed N            begin of the random cases; without it, another one each time. It is printed first
  --rounds N          how often each random case is drawn, with seeds N, N+1, ... [4]
  --allow-skips FILE  fail where a case is skipped for want of a capability that is not in FILE (one word a line, #
                      begins a comment), or a capability in FILE is not wanting. `none`: fail where anything is skipped
  -h, --help          print this
  --version           print the version

A store says what it can do beyond what every store must (Store::capabilities()); a case that needs more is skipped,
and the capability named:
)";
  for (const Capability capability : all_capabilities) text += "  " + std::string(to_string(capability)) + "\n";
  return text + R"(
A failure names the case, the operation, and ids, numbers and hashes of texts. It never shows an address or a name.
Last line: N passed, N failed, N skipped.

exit codes:
  0  no case failed
  1  a case failed, or a skip is not allowed
  2  nothing was tried: the command line is wrong, or the store cannot be opened or is not empty
)";
}

bool is_meant(const std::string& only, std::string_view name) {
  if (only.find_first_of("*?[") == std::string::npos) return name.find(only) != std::string_view::npos;
  return fnmatch(only.c_str(), std::string(name).c_str(), 0) == 0;
}

}  // namespace mailroll::conformance
