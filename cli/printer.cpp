#include "printer.hpp"

#include "table_printer.hpp"

namespace mailroll::cli {
namespace {

/// One document: an object, or an array with a record a line.
class JsonPrinter : public Printer {
 public:
  explicit JsonPrinter(Output& output) : output_(output) {}

  void record(const Json& record, const std::function<void(Sheet&)>&) override {
    output_.write(json_text(record, 2) + "\n");
  }
  void begin(const Columns&) override { output_.write("["); }
  void row(const Json& record) override {
    output_.write(any_ ? ",\n  " : "\n  ");
    output_.write(json_text(record));
    any_ = true;
  }
  void end() override { output_.write(any_ ? "\n]\n" : "]\n"); }

 private:
  Output& output_;
  bool any_ = false;
};

class NdjsonPrinter : public Printer {
 public:
  explicit NdjsonPrinter(Output& output) : output_(output) {}

  void record(const Json& record, const std::function<void(Sheet&)>&) override { row(record); }
  void begin(const Columns&) override {}
  void row(const Json& record) override {
    output_.write(json_text(record));
    output_.write("\n");
  }
  void end() override {}

 private:
  Output& output_;
};

/// RFC 4180, with the line ends of this system.
class CsvPrinter : public Printer {
 public:
  explicit CsvPrinter(Output& output) : output_(output) {}

  void record(const Json& record, const std::function<void(Sheet&)>&) override {
    std::vector<std::pair<std::string, std::string>> cells;
    flatten(record, "", cells);
    std::string names;
    std::string values;
    for (const auto& [name, value] : cells) {
      names += (names.empty() ? "" : ",") + quoted(name);
      values += (&value == &cells.front().second ? "" : ",") + quoted(value);
    }
    output_.write(names + "\n" + values + "\n");
  }
  void begin(const Columns& columns) override {
    std::string line;
    for (const Column& column : columns) {
      keys_.push_back(column.key);
      line += (keys_.size() == 1 ? "" : ",") + quoted(column.key);
    }
    output_.write(line + "\n");
  }
  void row(const Json& record) override {
    std::string line;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto found = record.find(keys_[i]);
      line += (i == 0 ? "" : ",") + (found == record.end() ? std::string() : quoted(cell_text(*found, false)));
    }
    // A line of one empty cell would be no line at all.
    output_.write((line.empty() ? "\"\"" : line) + "\n");
  }
  void end() override {}

 private:
  static void flatten(const Json& value, const std::string& name,
                      std::vector<std::pair<std::string, std::string>>& cells) {
    for (const auto& [key, inner] : value.items()) {
      std::string path = name;
      if (!path.empty()) path += '.';
      path += key;
      if (inner.is_object() && !inner.empty()) {
        flatten(inner, path, cells);
      } else {
        cells.emplace_back(path, cell_text(inner, false));
      }
    }
  }
  static std::string quoted(const std::string& text) {
    const bool plain =
        text.find_first_of(",\"\r\n") == std::string::npos && !text.starts_with(' ') && !text.ends_with(' ');
    if (plain) return text;
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"') result += '"';
      result += c;
    }
    return result + "\"";
  }

  Output& output_;
  std::vector<std::string> keys_;
};

}  // namespace

std::optional<Format> parse_format(std::string_view word) {
  if (word == "table") return Format::table;
  if (word == "json") return Format::json;
  if (word == "ndjson") return Format::ndjson;
  if (word == "csv") return Format::csv;
  return std::nullopt;
}

std::string json_text(const Json& value, int indent) {
  const std::string text = value.dump(indent, ' ', false, Json::error_handler_t::replace);
  // JSON allows DEL and the C1 controls (U+0080 to U+009F) as they are; a terminal would obey them.
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto following = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    constexpr char digits[] = "0123456789abcdef";
    if (byte == 0x7F) {
      result += "\\u007f";
    } else if (byte == 0xC2 && following >= 0x80 && following < 0xA0) {
      result += std::string("\\u00") + digits[following >> 4U] + digits[following & 15U];
      ++i;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string cell_text(const Json& value, bool for_people) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() && for_people) return value.get<bool>() ? "yes" : "no";
  if (value.is_object() && value.empty()) return {};
  if (value.is_array() && for_people) {
    std::string list;
    for (const Json& each : value) list += (list.empty() ? "" : "; ") + cell_text(each, true);
    return list;
  }
  return json_text(value);
}

std::unique_ptr<Printer> make_printer(Format format, Output& output, bool with_colour) {
  switch (format) {
    case Format::table: return make_table_printer(output, with_colour);
    case Format::json: return std::make_unique<JsonPrinter>(output);
    case Format::ndjson: return std::make_unique<NdjsonPrinter>(output);
    case Format::csv: return std::make_unique<CsvPrinter>(output);
  }
  return nullptr;
}

}  // namespace mailroll::cli
