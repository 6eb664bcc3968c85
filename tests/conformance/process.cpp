#include "conformance/process.hpp"

#include <csignal>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/trial.hpp"

namespace mailroll::conformance {

Process::Process(const Work& work, const std::string& errors) {
  std::vector<std::string> words = words_of(work);
  words.insert(words.begin(), "mailroll-conformance");
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int code = posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw Broken("this program cannot be started a second time, which the case needs");
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Process::~Process() {
  kill();
  ended_well();
}

void Process::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

bool Process::ended_well() {
  if (pid_ <= 0) return false;
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void do_at_once(const std::vector<Work>& works, const std::string& errors) {
  std::vector<Process> processes;
  processes.reserve(works.size());
  for (const Work& work : works) processes.emplace_back(work, errors);
  std::string failed;
  for (std::size_t at = 0; at < works.size(); ++at) {
    if (processes[at].ended_well()) continue;
    failed += failed.empty() ? "" : ", ";
    failed += works[at].kind;
  }
  if (failed.empty()) return;
  std::string said = "these processes failed, of several at once: " + failed;
  std::ifstream lines(errors);
  for (std::string line; std::getline(lines, line);) said.append("\n  ").append(line);
  throw Broken(said);
}

}  // namespace mailroll::conformance
