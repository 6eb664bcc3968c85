#include "mailroll/transfer/csv.hpp"

#include <algorithm>
#include <utility>

#include "mailroll/error.hpp"
#include "transfer/csv_scanner.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

using detail::CsvCell;
using detail::CsvScanner;

struct Column {
  std::string name;  // as the header writes it, or as the map renames it
  ColumnUse use;
};

[[noreturn]] void bad_header(const CsvScanner& scanner, const std::string& what, const char* reason,
                             const std::string& column = {}) {
  const std::string line = std::to_string(scanner.line());
  ErrorDetails details{{"file", scanner.file().path()}, {"line", line}, {"reason", reason}};
  if (!column.empty()) details.emplace("column", column);
  throw Error(ErrorKind::invalid, scanner.file().shown() + ", line " + line + ": " + what, std::move(details));
}

std::vector<std::string> header_names(CsvScanner& scanner) {
  scanner.keep(max_columns);
  if (!scanner.next()) refuse_empty(scanner.file().shown(), scanner.file().path());
  if (scanner.cell_count() > max_columns) {
    bad_header(scanner, "more than " + std::to_string(max_columns) + " columns; is it a contact list?",
               "too_many_columns");
  }
  if (!is_text(scanner.bytes())) {
    bad_header(scanner, "the header is not UTF-8 text; convert the file, e.g. with iconv -f WINDOWS-1252 -t UTF-8",
               "encoding");
  }
  if (!scanner.flawless()) {
    bad_header(scanner, "the header is wrongly quoted or too long; quote whole names, and double quotes inside them",
               "header");
  }
  std::vector<std::string> names;
  for (const CsvCell& cell : scanner.cells()) names.emplace_back(trimmed(cell.text));
  return names;
}

// A file without a header has addresses and names in its first line, which no message may repeat.
std::string columns_seen(const std::vector<std::string>& names) {
  const auto has_at = [](const std::string& name) { return name.find('@') != std::string_view::npos; };
  if (std::any_of(names.begin(), names.end(), has_at)) return "its first line looks like data, not like column names";
  std::string seen = "it has ";
  constexpr std::size_t shown = 20;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
    seen += (i == 0 ? "\"" : ", \"") + shown_name(names[i]) + "\"";
  }
  if (names.size() > shown) seen += " and " + std::to_string(names.size() - shown) + " more";
  if (names.size() == 1 && names[0].find_first_of(";\t|") != std::string::npos) {
    seen += "; cells must be separated by commas";
  }
  return seen;
}

std::vector<Column> columns_of(const CsvScanner& scanner, const std::vector<std::string>& names, const ColumnMap& map) {
  for (const auto& [mapped, unused] : map.entries()) {
    if (std::find(names.begin(), names.end(), mapped) == names.end()) {
      bad_header(scanner, "no column \"" + shown_name(mapped) + "\", which is mapped; " + columns_seen(names),
                 "column_map", shown_name(mapped));
    }
  }
  std::vector<Column> columns;
  bool email_seen = false;
  for (const std::string& name : names) {
    Column column{std::string(map(name)), {}};
    column.use = use_of(column.name);
    email_seen = email_seen || (column.use.kind == ColumnUse::Kind::field && column.use.field == Field::email);
    columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& one = columns[i];
    if (one.use.kind == ColumnUse::Kind::ignored) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const Column& other = columns[j];
      if (other.use.kind != one.use.kind) continue;
      const bool same =
          one.use.kind == ColumnUse::Kind::field ? one.use.field == other.use.field : one.name == other.name;
      if (!same) continue;
      bad_header(scanner,
                 "columns " + std::to_string(j + 1) + " and " + std::to_string(i + 1) + " are both \"" +
                     shown_name(one.name) + "\"; rename one of them or give it another meaning with --map",
                 "duplicate_column", shown_name(one.name));
    }
  }
  if (!email_seen) {
    bad_header(
        scanner,
        "no column \"email\"; " + columns_seen(names) + "; say which one holds the address with --map COLUMN=email",
        "missing_column", "email");
  }
  return columns;
}

class CsvReader final : public RowReader {
 public:
  CsvReader(InputFile file, const ColumnMap& map) : scanner_(std::move(file)) {
    const std::vector<std::string> names = header_names(scanner_);
    columns_ = columns_of(scanner_, names, map);
    scanner_.keep(columns_.size());
  }

  bool next(RawRow& row) override {
    if (!scanner_.next()) return false;
    clear(row);
    row.row = ++rows_;
    row.line = scanner_.line();
    const std::vector<CsvCell>& cells = scanner_.cells();
    if (scanner_.flawless() && cells.size() == columns_.size() && scanner_.cell_count() == cells.size() &&
        is_text(scanner_.bytes())) {
      for (std::size_t i = 0; i < cells.size(); ++i) put(row, i, cells[i].text);
      return true;
    }
    read_broken(row);
    return true;
  }

  [[nodiscard]] std::uint64_t bytes_read() const override { return scanner_.file().bytes_read(); }

 private:
  void put(RawRow& row, std::size_t i, std::string_view text) const {
    if (text.empty()) return;
    const Column& column = columns_[i];
    if (column.use.kind == ColumnUse::Kind::field) {
      row[column.use.field] = text;
    } else if (column.use.kind == ColumnUse::Kind::property) {
      row.properties.emplace_back(column.name, text);
    }
  }

  void read_broken(RawRow& row) const {
    const std::vector<CsvCell>& cells = scanner_.cells();
    const bool right_count = scanner_.cell_count() == columns_.size();
    const auto problem = [&](RejectReason reason, std::size_t column) {
      if (row.broken && (row.problem == RejectReason::row_shape || reason != RejectReason::row_shape)) return;
      row.broken = true;
      row.problem = reason;
      row.problem_column = column < columns_.size() ? std::string_view(columns_[column].name) : std::string_view();
      row.problem_value = column < cells.size() ? cells[column].text : std::string_view();
    };
    if (!right_count) problem(RejectReason::row_shape, columns_.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].misquoted) {
        problem(RejectReason::row_shape, i);
        if (!right_count) break;  // who knows which columns the rest belongs to
      } else if (cells[i].too_long) {
        problem(RejectReason::row_shape, i);
      } else if (!is_text(cells[i].text)) {
        problem(RejectReason::encoding, i);
      } else {
        put(row, i, cells[i].text);
      }
    }
  }

  CsvScanner scanner_;
  std::vector<Column> columns_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> open_csv(InputFile file, const ColumnMap& map) {
  return std::make_unique<CsvReader>(std::move(file), map);
}

std::vector<std::string> read_csv_header(InputFile file) {
  CsvScanner scanner(std::move(file));
  return header_names(scanner);
}

}  // namespace mailroll
