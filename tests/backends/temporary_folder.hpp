/// A folder of its own for a test, gone when the test ends.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <stdlib.h>
#include <unistd.h>

namespace mailroll::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    // Thousands of durable commits: where there is a disk in memory, nobody has to wait for a real one.
    std::error_code ignored;
    const bool in_memory = std::filesystem::is_directory("/dev/shm", ignored) && access("/dev/shm", W_OK) == 0;
    const std::filesystem::path place = in_memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string pattern = (place / "mailroll-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return path_ / name; }
  /// Writes a file, in folders that it makes.
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories(file(name).parent_path());
    std::ofstream(file(name), std::ios::binary) << content;
  }
  /// The address of a SQLite store in this folder.
  [[nodiscard]] std::string store(const std::string& name = "roll.db") const {
    return "sqlite:///" + file(name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace mailroll::test
