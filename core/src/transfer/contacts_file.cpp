#include "mailroll/transfer/contacts_file.hpp"

#include <algorithm>
#include <utility>

#include "mailroll/transfer/csv.hpp"
#include "mailroll/transfer/json_list.hpp"
#include "mailroll/transfer/ndjson.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

bool ends_with(std::string_view path, std::string_view ending) {
  if (path.size() < ending.size()) return false;
  path.remove_prefix(path.size() - ending.size());
  return std::equal(path.begin(), path.end(), ending.begin(),
                    [](char c, char lower) { return c == lower || (c >= 'A' && c <= 'Z' && c - 'A' + 'a' == lower); });
}

}  // namespace

bool format_of_name(std::string_view path, FileFormat& format) {
  if (ends_with(path, ".csv")) {
    format = FileFormat::csv;
  } else if (ends_with(path, ".ndjson") || ends_with(path, ".jsonl")) {
    format = FileFormat::ndjson;
  } else if (ends_with(path, ".json")) {
    format = FileFormat::json_list;
  } else {
    return false;
  }
  return true;
}

std::unique_ptr<RowReader> open_rows(InputFile file, FileFormat format, ColumnMap map) {
  switch (format) {
    case FileFormat::csv: break;
    case FileFormat::ndjson: return open_ndjson(std::move(file), std::move(map));
    case FileFormat::json_list: return open_json_list(std::move(file), std::move(map));
  }
  return open_csv(std::move(file), map);
}

std::unique_ptr<RowReader> open_contacts_file(const std::string& path, ColumnMap map,
                                              std::shared_ptr<ContentDigest> digest) {
  InputFile file = InputFile::open(path, std::move(digest));
  FileFormat format{};
  if (!format_of_name(path, format) || format == FileFormat::json_list) {
    std::string_view beginning = file.peek();
    if (beginning.starts_with(utf8_bom)) beginning.remove_prefix(utf8_bom.size());
    format = trimmed(beginning).starts_with('{') ? FileFormat::ndjson : FileFormat::csv;
  }
  return open_rows(std::move(file), format, std::move(map));
}

}  // namespace mailroll
