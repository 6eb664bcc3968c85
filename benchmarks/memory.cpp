/// Claim: an import needs less than 600 MiB of memory, whatever the file's size: shown at 1, 2 and 5 million rows. With the address
/// of a server (scripts/servers urls --admin) as a word, into that.
///
/// Each import is a process of its own (this program again, as `import CSV STORE`), whose peak the system tells.
#include <optional>
#include <stdexcept>

#include <mailroll/mailroll.hpp>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bare_database.hpp"
#include "bare_server.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

/// MiB that the process had resident at its highest.
double peak_of(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, words.data(), environ) != 0) {
    throw std::runtime_error("cannot start a process");
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("the import failed");
  }
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings =
      read_settings(argc, argv, "Peak memory of imports of several sizes.", {1'000'000, 2'000'000, 5'000'000});
  if (settings.others.size() == 3 && settings.others[0] == "import") {
    mailroll::Roll roll = mailroll::open(settings.others[2]);
    roll.contacts().import_file(settings.others[1]).apply();
    return 0;
  }
  const auto file = settings.folder / "memory.db";
  std::unique_ptr<BareServer> server;
  if (!settings.others.empty()) server = BareServer::at(settings.others);
  std::vector<Claim> claims;
  for (const std::uint64_t rows : settings.rows) {
    const auto csv = contacts_file(settings.folder, rows);
    Claim claim{.name = (server ? server->engine() + ": " : "") + "peak memory of an import of " +
                        std::to_string(rows) + " rows",
                .unit = "MiB",
                .bar = Bar::below,
                .limit = 600};
    // Memory hardly varies: one run more than once is enough to see that.
    for (int run = 0; run < std::min(settings.pairs, 3); ++run) {
      std::optional<ServerDatabase> database;
      if (server) database.emplace(*server, "mailroll_benchmark");
      remove_database(file);
      const std::string store = database ? database->store() : "sqlite:///" + file.string();
      claim.values.push_back(peak_of({argv[0], "import", csv.string(), store}));
    }
    claim.ours = claim.values;
    print(claim);
    claims.push_back(std::move(claim));
  }
  write_json(settings, server ? "memory_" + server->engine() : "memory", claims);
  remove_database(file);
}
