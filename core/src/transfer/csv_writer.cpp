#include "mailroll/transfer/csv_writer.hpp"

namespace mailroll {
namespace {

void append_quoted(std::string& out, std::string_view cell) {
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_csv_row(std::string& out, std::span<const std::string_view> cells) {
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) out += ',';
    first = false;
    if (cell.find_first_of(",\"\r\n") != std::string_view::npos || (cell.empty() && cells.size() == 1)) {
      append_quoted(out, cell);
    } else {
      out += cell;
    }
  }
  out += '\n';
}

}  // namespace mailroll
