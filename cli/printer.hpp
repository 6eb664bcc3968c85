/// Prints records: for people as a table, for programs as JSON, NDJSON or CSV.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "output.hpp"

namespace mailroll::cli {

/// Keeps the order of the fields, which is part of the contract.
using Json = nlohmann::ordered_json;

enum class Format { table, json, ndjson, csv };
std::optional<Format> parse_format(std::string_view word);

/// A column of a list: where tables and CSV take their cells from.
struct Column {
  std::string key;         ///< field of the record
  std::string heading;     ///< in tables; "": CSV only
  bool is_number = false;  ///< to the right
};
using Columns = std::vector<Column>;

/// What people read instead of a record: headings, labelled values, tables and sentences.
class Sheet {
 public:
  Sheet(Output& output, bool with_colour) : output_(output), with_colour_(with_colour) {}

  void heading(std::string_view text);
  void line(std::string_view text);  ///< values in it are made harmless
  void blank();
  /// Labelled values under each other, the values aligned.
  void fields(const std::vector<std::pair<std::string, std::string>>& labelled);
  void table(const Columns& columns, const std::vector<Json>& records);

 private:
  Output& output_;
  bool with_colour_;
};

/// One command prints either one record, or one list, or says that something is done.
class Printer {
 public:
  virtual ~Printer() = default;

  /// `for_people` writes it for the table format; without it each field is a labelled line.
  virtual void record(const Json& record, const std::function<void(Sheet&)>& for_people = {}) = 0;

  /// A list streams: begin, any number of rows, end.
  virtual void begin(const Columns& columns) = 0;
  virtual void row(const Json& record) = 0;
  virtual void end() = 0;

  [[nodiscard]] virtual bool is_for_people() const { return false; }

  void list(const Columns& columns, const std::vector<Json>& records) {
    begin(columns);
    for (const Json& each : records) row(each);
    end();
  }
};

/// `output` must outlive the printer.
std::unique_ptr<Printer> make_printer(Format format, Output& output, bool with_colour);

/// A cell's text, as people and CSV have it: "" for null, yes/no only for people.
std::string cell_text(const Json& value, bool for_people);

/// JSON on one line, without raw control characters of any kind, bytes that are no UTF-8 replaced.
std::string json_text(const Json& value, int indent = -1);

}  // namespace mailroll::cli
