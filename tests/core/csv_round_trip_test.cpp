#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/transfer_files.hpp"
#include "mailroll/transfer/csv.hpp"
#include "mailroll/transfer/csv_writer.hpp"

namespace mailroll {
namespace {

using testing::FileOf;
using testing::rows_of;

using Table = std::vector<std::vector<std::string>>;

std::string written(const Table& table) {
  std::string out;
  for (const auto& row : table) append_csv_row(out, std::vector<std::string_view>(row.begin(), row.end()));
  return out;
}

// The same with every cell quoted and another line end: what other programs write.
std::string written_by_others(const Table& table, const std::string& end) {
  std::string out;
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      out += '"';
      for (const char c : row[i]) out += c == '"' ? "\"\"" : std::string(1, c);
      out += '"';
    }
    out += end;
  }
  return out;
}

Table random_table(std::mt19937& random) {
  static const std::vector<std::string> parts{
      "a", "Zo\xC3\xAB", ",", "\"", "\"\"", "\n", "\r", "\r\n", " ", ";", "\xE6\x9D\x8E", "0123456789abcdef", "\t"};
  const std::size_t columns = 1 + random() % 4;
  Table table{{"email", "one", "two", "three"}};
  table[0].resize(columns);
  for (std::size_t row = random() % 6; row > 0; --row) {
    auto& cells = table.emplace_back(columns);
    for (std::string& cell : cells) {
      for (std::size_t part = random() % 4; part > 0; --part) cell += parts[random() % parts.size()];
    }
  }
  return table;
}

/// Cells as read, "" where absent; fails on a broken row.
Table read(const FileOf& file, const std::vector<std::string>& header, std::size_t block) {
  const auto reader = open_csv(InputFile::open(file.path(), nullptr, block));
  Table table{header};
  RawRow row;
  while (reader->next(row)) {
    EXPECT_FALSE(row.broken);
    auto& cells = table.emplace_back(header.size());
    cells[0] = row[Field::email];
    for (const auto& [name, value] : row.properties) {
      for (std::size_t i = 1; i < header.size(); ++i) {
        if (header[i] == name) cells[i] = value;
      }
    }
  }
  return table;
}

TEST(CsvRoundTripTest, what_is_written_is_read_back_wherever_blocks_end) {
  std::mt19937 random(20'261);  // NOLINT: the same tables each time
  for (int i = 0; i < 60; ++i) {
    const Table table = random_table(random);
    for (const std::string& content : {written(table), written_by_others(table, "\r\n"), written_by_others(table, "\r"),
                                       "\xEF\xBB\xBF" + written_by_others(table, "\n")}) {
      const FileOf file(content, ".csv");
      for (std::size_t block = 1; block <= content.size() + 1; ++block) {
        ASSERT_EQ(read(file, table[0], block), table) << "table " << i << ", block " << block << "\n" << content;
      }
    }
  }
}

TEST(CsvRoundTripTest, line_numbers_and_broken_rows_are_the_same_wherever_blocks_end) {
  std::mt19937 random(7);
  static const std::vector<std::string> parts{"a",    ",",    "\"",       "\n",      "\r",
                                              "\r\n", "\xC3", "\xC3\xA9", "x,y,z\n", "\"q\","};
  for (int i = 0; i < 150; ++i) {
    std::string content = "email,one,two\n";
    for (std::size_t part = 4 + random() % 24; part > 0; --part) content += parts[random() % parts.size()];
    const FileOf file(content, ".csv");
    const auto outcome = [&](std::size_t block) -> std::vector<std::string> {
      std::vector<std::string> rows;
      try {
        const auto reader = open_csv(InputFile::open(file.path(), nullptr, block));
        RawRow row;
        while (reader->next(row)) rows.push_back(testing::shown(row));
      } catch (const Error& error) {
        rows.push_back(error.reason() + " " + error.details().at("line"));
      }
      return rows;
    };
    const std::vector<std::string> whole = outcome(InputFile::usual_block);
    for (std::size_t block = 1; block < 20; ++block)
      ASSERT_EQ(outcome(block), whole) << "block " << block << "\n" << content;
  }
}

TEST(CsvRoundTripTest, only_what_must_be_quoted_is_quoted) {
  EXPECT_EQ(written({{"a", "b c", ""}, {"x,y", "\"", "l\nm"}, {""}}), "a,b c,\n\"x,y\",\"\"\"\",\"l\nm\"\n\"\"\n");
}

}  // namespace
}  // namespace mailroll
