/// Bytes as a file in memory, and what a reader makes of it.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "mailroll/error.hpp"
#include "mailroll/transfer/csv.hpp"
#include "mailroll/transfer/csv_writer.hpp"
#include "mailroll/transfer/input_file.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll::fuzz {

inline constexpr std::size_t large_block = 8192;  // beyond most inputs; the usual block would cost the fuzzer its speed

class File {
 public:
  explicit File(std::string_view content) : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0) std::abort();
    if (::write(descriptor_, content.data(), content.size()) != static_cast<ssize_t>(content.size())) std::abort();
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

struct Row {
  bool broken = false;
  std::vector<std::string> cells;
};

struct Outcome {
  std::vector<std::string> rows;  ///< each row in full, as one text; an error at the end
  std::vector<Row> taken;
  bool error = false;
};

template <typename Open>
Outcome read(const File& file, std::size_t block, Open open) {
  Outcome outcome;
  try {
    const auto reader = open(InputFile::open(file.path(), nullptr, block));
    RawRow row;
    while (reader->next(row)) {
      Row taken{row.broken, {}};
      std::string text = std::to_string(row.row) + "/" + std::to_string(row.line);
      if (row.broken)
        text += std::string(to_string(row.problem)) + std::string(row.problem_column) + std::string(row.problem_value);
      for (const std::string_view field : row.fields) {
        text += "|" + std::string(field);
        if (!field.empty()) taken.cells.emplace_back(field);
      }
      for (const auto& [name, value] : row.properties) {
        text += "|" + std::string(name) + "=" + std::string(value);
        taken.cells.emplace_back(value);
      }
      outcome.rows.push_back(std::move(text));
      outcome.taken.push_back(std::move(taken));
    }
  } catch (const Error& error) {
    outcome.error = true;
    outcome.rows.push_back(error.reason());
  }
  return outcome;
}

/// Aborts unless the cells, also those of broken rows, are UTF-8 without NUL that can be written as CSV and read again.
inline void must_be_text(const std::vector<Row>& rows) {
  std::string csv = "email,x\n";
  std::vector<std::string_view> cells;
  for (const Row& row : rows) {
    for (const std::string& cell : row.cells) {
      append_csv_row(csv, std::vector<std::string_view>{"same@example.org", cell});
      cells.push_back(cell);
    }
  }
  const File file(csv);
  const Outcome again = read(file, large_block, [](InputFile input) { return open_csv(std::move(input)); });
  if (again.error || again.taken.size() != cells.size()) std::abort();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Row& row = again.taken[i];
    if (row.broken || row.cells.size() != 2 || row.cells[1] != cells[i]) std::abort();
  }
}

}  // namespace mailroll::fuzz
