#include "conformance/trial.hpp"

#include <sstream>

#include "mailroll/store/registry.hpp"

namespace mailroll::conformance {

void Trial::reopen() {
  store_.reset();
  store_ = open_store(settings_.store.url);
}

Team Trial::new_team() {
  const Time now = system_now();
  // Two runs of one case in one store must not meet either.
  const Uuid id = make_uuid_v7(now);
  return connect()->add_team(
      id, "conformance " + to_string(id) + " " + std::to_string(++teams_) + " " + std::string(name_.substr(0, 40)),
      now);
}

void expect(bool holds, std::string_view what) {
  if (!holds) throw Broken(std::string(what));
}

void expect_same(const std::string& found, const std::string& expected, std::string_view what) {
  if (found == expected) return;
  std::istringstream found_lines(found);
  std::istringstream expected_lines(expected);
  std::string found_line;
  std::string expected_line;
  for (int number = 1;; ++number) {
    const bool more = static_cast<bool>(std::getline(found_lines, found_line));
    const bool more_expected = static_cast<bool>(std::getline(expected_lines, expected_line));
    if (!more) found_line = "(no more)";
    if (!more_expected) expected_line = "(no more)";
    if (found_line == expected_line && (more || more_expected)) continue;
    throw Broken(std::string(what) + ", line " + std::to_string(number) + "\n  found:    " + found_line +
                 "\n  expected: " + expected_line);
  }
}

bool holds_an_address(const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (word.find('@') != std::string::npos && word.find("://") == std::string::npos) return true;
  }
  return false;
}

std::string said(const Error& error) {
  const std::string text = error.what();
  const std::string words = std::string(to_string(error.kind())) + " " + error.reason() + ": ";
  return words + (holds_an_address(text) ? "(its text holds an address, which none may)" : text);
}

}  // namespace mailroll::conformance
