/// Reads the tables of docs/addresses.md, so that document and program cannot differ.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "source_folder.hpp"

namespace mailroll::tests {

/// The characters of `code_point` in UTF-8.
inline std::string utf8(char32_t code_point) {
  std::string text;
  const auto put = [&text](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
  return text;
}

/// What a cell's \u{..}, \x{..} and \repeat{..,n} stand for.
inline std::string unescaped(const std::string& cell) {
  const auto argument = [&cell](std::size_t from) {
    int depth = 1;
    std::size_t end = from;
    for (; end < cell.size() && depth > 0; ++end) depth += cell[end] == '{' ? 1 : cell[end] == '}' ? -1 : 0;
    if (depth > 0) throw std::runtime_error("unclosed escape: " + cell);
    return cell.substr(from, end - 1 - from);
  };
  std::string text;
  for (std::size_t at = 0; at < cell.size();) {
    if (cell[at] != '\\') {
      text += cell[at++];
      continue;
    }
    const std::size_t open = cell.find('{', at) + 1;
    const std::string name = cell.substr(at + 1, open - at - 2);
    const std::string inside = argument(open);
    at = open + inside.size() + 1;
    if (name == "u") {
      text += utf8(static_cast<char32_t>(std::stoul(inside, nullptr, 16)));
    } else if (name == "x") {
      text += static_cast<char>(static_cast<unsigned char>(std::stoul(inside, nullptr, 16)));
    } else if (name == "repeat") {
      const std::size_t comma = inside.rfind(',');
      const std::string unit = unescaped(inside.substr(0, comma));
      for (unsigned long left = std::stoul(inside.substr(comma + 1)); left > 0; --left) text += unit;
    } else {
      throw std::runtime_error("unknown escape: " + cell);
    }
  }
  return text;
}

/// The rows of the table under "## `heading`": of each cell what stands between its backticks.
inline std::vector<std::vector<std::string>> table_of_addresses(const std::string& heading) {
  std::ifstream file(source_folder() / "docs/addresses.md");
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inside = line == "## " + heading;
    if (!inside || !line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      const std::size_t end = line.find('|', at);
      const std::string cell = line.substr(at, end - at);
      const std::size_t first = cell.find('`');
      cells.push_back(first == std::string::npos ? "" : unescaped(cell.substr(first + 1, cell.rfind('`') - first - 1)));
      at = end + 1;
    }
    rows.push_back(cells);
  }
  return rows;
}

}  // namespace mailroll::tests
