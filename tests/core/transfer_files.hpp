/// Files and rows of the tests of transfer/.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "mailroll/error.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll::testing {

/// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(::testing::TempDir() + "mailroll_XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& content) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

 private:
  std::string path_;
};

class FileOf {
 public:
  FileOf(const std::string& content, const std::string& ending) : path_(folder_.write("input" + ending, content)) {}
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// "row/line !reason[column=value] field=text property:text"
inline std::string shown(const RawRow& row) {
  std::string text = std::to_string(row.row) + "/" + std::to_string(row.line);
  if (row.broken) {
    text += " !" + std::string(to_string(row.problem)) + "[" + std::string(row.problem_column);
    if (!row.problem_column.empty()) text += "=" + std::string(row.problem_value);
    text += "]";
  }
  for (std::size_t i = 0; i < field_count; ++i) {
    if (row.fields[i].empty()) continue;
    text += " " + std::string(to_string(static_cast<Field>(i))) + "=" + std::string(row.fields[i]);
  }
  for (const auto& [name, value] : row.properties) text += " " + std::string(name) + ":" + std::string(value);
  return text;
}

inline std::vector<std::string> rows_of(RowReader& reader) {
  std::vector<std::string> rows;
  RawRow row;
  while (reader.next(row)) rows.push_back(shown(row));
  return rows;
}

/// The Error that the function throws.
template <typename Function>
Error error_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error where one is due";
  return Error(ErrorKind::storage, "no error");
}

}  // namespace mailroll::testing
