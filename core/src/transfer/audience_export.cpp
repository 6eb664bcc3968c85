#include "mailroll/transfer/audience_export.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "mailroll/error.hpp"
#include "mailroll/transfer/csv.hpp"
#include "mailroll/transfer/ndjson.hpp"
#include "transfer/audience_index.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view index_name = "audiences.json";

struct Found {
  std::string path;
  std::string name;  // the last part of the path
  std::string stem;  // without the ending
  FileFormat format{};
  std::string base;        // without the page number, where the stem ends in one
  std::uint64_t page = 0;  // 0: none
};

[[noreturn]] void refuse(const std::string& path, const std::string& what, const char* reason) {
  throw Error(ErrorKind::invalid, "\"" + path + "\" " + what, {{"file", path}, {"reason", reason}});
}

Found describe(const std::string& path, FileFormat format) {
  Found found{path, fs::path(path).filename().string(), {}, format, {}, 0};
  found.stem = fs::path(path).stem().string();
  found.base = found.stem;
  const std::size_t dot = found.stem.rfind('.');
  const std::string_view digits =
      dot == std::string::npos ? std::string_view() : std::string_view(found.stem).substr(dot + 1);
  if (!digits.empty() && digits.size() <= 9 && digits.find_first_not_of("0123456789") == std::string_view::npos) {
    found.page = std::stoull(std::string(digits));
    if (found.page > 0) found.base = found.stem.substr(0, dot);
  }
  return found;
}

struct Gathered {
  std::vector<Found> files;
  std::string index;  // path of audiences.json; "" where there is none
};

class Gathering {
 public:
  explicit Gathering(AudienceExport& result) : result_(result) {}

  void add(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      throw Error(ErrorKind::not_found, "there is no file or folder \"" + path + "\"; check the path",
                  {{"file", path}, {"reason", "no_such_file"}});
    }
    if (fs::is_directory(status)) return add_folder(path);
    if (!add_file(path))
      refuse(path, "is no .csv, .json, .ndjson or .jsonl file; name files of contacts or a folder of them", "ending");
  }

  Gathered take() {
    std::sort(gathered_.files.begin(), gathered_.files.end(),
              [](const Found& a, const Found& b) { return std::tie(a.name, a.path) < std::tie(b.name, b.path); });
    return std::move(gathered_);
  }

 private:
  void add_folder(const std::string& folder) {
    std::vector<std::string> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().filename().native().front() != '.') entries.push_back(entry->path().string());
    }
    if (error) refuse(folder, "cannot be read: " + error.message() + "; check who may read it", "unreadable");
    std::sort(entries.begin(), entries.end());
    bool any = false;
    for (const std::string& entry : entries) {
      std::error_code unused;
      if (fs::is_directory(entry, unused) || !add_file(entry)) {
        result_.ignored.push_back(entry);
      } else {
        any = true;
      }
    }
    if (!any)
      refuse(folder, "has no .csv, .json, .ndjson or .jsonl file in it; name the folder of the export", "empty");
  }

  bool add_file(const std::string& path) {
    FileFormat format{};
    if (!format_of_name(path, format)) return false;
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    if (!error && !seen_.insert(canonical.string()).second) return true;  // named twice, e.g. by folder and by file
    if (fs::path(path).filename() == index_name) {
      if (!gathered_.index.empty())
        refuse(path, "is a second audiences.json; migrate one export at a time", "two_indexes");
      gathered_.index = path;
    } else {
      gathered_.files.push_back(describe(path, format));
    }
    const InputFile file = InputFile::open(path);  // says what is wrong, if anything is, before any work is done
    result_.bytes += file.size();
    return true;
  }

  AudienceExport& result_;
  Gathered gathered_;
  std::set<std::string> seen_;
};

void note_missing_pages(AudienceExport& result, const std::string& audience, const std::vector<std::uint64_t>& pages) {
  std::set<std::uint64_t> numbers(pages.begin(), pages.end());
  numbers.erase(0);
  std::uint64_t expected = 1;
  for (const std::uint64_t number : numbers) {
    if (number != expected) {
      result.notes.push_back("page " + std::to_string(expected) + " of audience \"" + shown_name(audience) +
                             "\" is missing; so the export is not taken for complete");
      result.complete = false;
      return;
    }
    expected = number + 1;
  }
}

void by_index(AudienceExport& result, Gathered gathered) {
  detail::AudienceIndex index = detail::read_audience_index(gathered.index);
  result.audiences = std::move(index.audiences);
  result.complete = !index.has_more;
  if (index.has_more) {
    result.notes.emplace_back(
        "audiences.json says that there are more audiences than it lists; so the export is not taken for complete");
  }
  std::map<std::string_view, std::size_t> positions;
  for (std::size_t i = 0; i < result.audiences.size(); ++i) positions.emplace(result.audiences[i].id, i);

  std::vector<std::vector<const Found*>> of_audience(result.audiences.size());
  for (Found& file : gathered.files) {
    auto found = positions.find(file.stem);
    if (found != positions.end()) {
      file.page = 0;  // an id may itself end in a dot and digits
    } else {
      found = positions.find(file.base);
    }
    if (found == positions.end()) {
      refuse(file.path, "is named after no id in audiences.json; rename it to <id>.<ending> or take it away",
             "unknown_audience");
    }
    of_audience[found->second].push_back(&file);
  }
  for (std::size_t i = 0; i < of_audience.size(); ++i) {
    std::vector<const Found*>& files = of_audience[i];
    std::stable_sort(files.begin(), files.end(), [](const Found* a, const Found* b) { return a->page < b->page; });
    std::vector<std::uint64_t> pages;
    for (const Found* file : files) {
      result.files.push_back({file->path, file->format, i});
      pages.push_back(file->page);
    }
    if (files.empty())
      result.notes.push_back("audience \"" + shown_name(result.audiences[i].name) +
                             "\" has no file and so no contacts");
    note_missing_pages(result, result.audiences[i].name, pages);
  }
}

bool has_audience_column(const Found& file) {
  if (file.format == FileFormat::csv) {
    for (const std::string& name : read_csv_header(InputFile::open(file.path))) {
      Field field{};
      if (parse_field(name, field) && field == Field::audience) return true;
    }
    return false;
  }
  if (file.format == FileFormat::json_list) return false;
  const std::unique_ptr<RowReader> reader = open_ndjson(InputFile::open(file.path));
  RawRow row;
  constexpr int looked_at = 100;
  for (int i = 0; i < looked_at && reader->next(row); ++i) {
    if (!row[Field::audience].empty()) return true;
  }
  return false;
}

void by_name(AudienceExport& result, Gathered gathered) {
  // `Beta.1.json` is a page of Beta; `Version 1.5.json`, without a first page beside it, is all of Version 1.5.
  std::set<std::string> paged;
  for (const Found& file : gathered.files) {
    if (file.format == FileFormat::json_list && file.page == 1) paged.insert(file.base);
  }
  std::map<std::string, std::size_t> positions;
  std::vector<std::vector<const Found*>> of_audience;
  std::vector<const Found*> by_column;
  for (Found& file : gathered.files) {
    if (has_audience_column(file)) {
      by_column.push_back(&file);
      continue;
    }
    if (file.format != FileFormat::json_list || !paged.contains(file.base)) {
      file.base = file.stem;
      file.page = 0;
    }
    if (!is_text(file.base))
      refuse(shown_name(file.path), "is not named in UTF-8; rename it to its audience's name", "encoding");
    const auto [found, added] = positions.emplace(file.base, result.audiences.size());
    if (added) {
      result.audiences.push_back({"", file.base});
      of_audience.emplace_back();
    }
    of_audience[found->second].push_back(&file);
  }
  for (std::size_t i = 0; i < of_audience.size(); ++i) {
    std::vector<const Found*>& files = of_audience[i];
    std::stable_sort(files.begin(), files.end(), [](const Found* a, const Found* b) { return a->page < b->page; });
    std::vector<std::uint64_t> pages;
    for (const Found* file : files) {
      result.files.push_back({file->path, file->format, i});
      pages.push_back(file->page);
    }
    note_missing_pages(result, result.audiences[i].name, pages);
  }
  for (const Found* file : by_column) result.files.push_back({file->path, file->format, std::nullopt});
}

}  // namespace

AudienceExport find_audience_export(std::span<const std::string> paths) {
  AudienceExport result;
  Gathering gathering(result);
  for (const std::string& path : paths) gathering.add(path);
  Gathered gathered = gathering.take();
  if (!gathered.index.empty()) {
    by_index(result, std::move(gathered));
  } else {
    by_name(result, std::move(gathered));
  }
  return result;
}

}  // namespace mailroll
