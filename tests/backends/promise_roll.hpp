/// A roll on each store that is linked in, for the promises that hold on all of them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backends/temporary_folder.hpp"
#include "mailroll/mailroll.hpp"

namespace mailroll::test {

/// "memory" or "sqlite". One roll, whose clock the test moves.
class PromiseRoll : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] std::string url() const {
    return GetParam() == "memory" ? "memory://" : "sqlite:///" + folder_.file("roll.db").string();
  }
  [[nodiscard]] Roll opened(Actor actor) {
    return mailroll::open(url(), {.actor = actor, .clock = [this] { return now_; }});
  }
  void pass(std::chrono::microseconds time) { now_ += time; }

  /// A CSV with these lines, imported.
  ImportSummary import(const std::string& csv, const ImportOptions& options = {}) {
    const std::string path = folder_.file("input.csv").string();
    std::ofstream(path) << csv;
    pass(std::chrono::hours(1));
    return roll().contacts().import_file(path, options).apply();
  }
  std::string leave_token(const Who& who, const Scope& scope) {
    const std::string url = roll().link(who, scope, Purpose::leave, {.base_url = "https://mail.example.com"});
    return url.substr(url.rfind('/') + 1);
  }
  std::vector<std::string> receivers(const SegmentRef& segment, const TopicRef& topic) {
    std::vector<std::string> found;
    for (const Recipient& person : roll().audience(segment, topic)) found.push_back(person.email);
    std::sort(found.begin(), found.end());
    return found;
  }
  Reason reason(const Who& who, const TopicRef& topic) { return roll().explain(who, topic).reason; }
  std::size_t events_of(const Who& who) { return roll().events().list(who).size(); }

  Roll& roll() { return roll_; }

  TemporaryFolder folder_;
  Time now_ = *parse_time("2026-03-01T12:00:00Z");

 private:
  Roll roll_ = opened(Actor::api);
};

template <typename Act>
std::string refusal_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.reason();
  }
  return "done";
}

}  // namespace mailroll::test
