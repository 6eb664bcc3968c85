/// A roll on any store, with a folder of its own and a clock that the test moves.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "mailroll/mailroll.hpp"

namespace mailroll::testing {

class KeysWorld : public ::testing::Test {
 protected:
  void use(const std::string& store) {
    folder_ = std::filesystem::temp_directory_path() / ("mailroll-keys-" + to_string(make_uuid_v7(system_now())));
    std::filesystem::create_directories(folder_);
    url_ = store == "memory" ? "memory://" : "sqlite:///" + path("roll.db");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Roll open_roll(OpenOptions options = {}) {
    options.clock = [now = now_] { return *now; };
    return mailroll::open(url_, options);
  }
  [[nodiscard]] Time now() const { return *now_; }
  void pass_time() { *now_ += std::chrono::seconds(10); }

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write_file(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string read_file(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  template <typename Act>
  static std::string reason_of(Act act) {
    try {
      act();
    } catch (const Error& error) {
      return std::string(to_string(error.kind())) + ":" + error.reason();
    }
    return "done";
  }

 private:
  std::filesystem::path folder_;
  std::string url_;
  std::shared_ptr<Time> now_ = std::make_shared<Time>(*parse_time("2026-03-01T12:00:00Z"));
};

}  // namespace mailroll::testing
