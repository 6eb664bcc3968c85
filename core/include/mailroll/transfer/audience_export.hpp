/// Finds out what an export of old audiences consists of: which files, in which order, of which audience.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/transfer/contacts_file.hpp"

namespace mailroll {

struct AudienceExport {
  struct Audience {
    std::string id;  ///< "" where only the name is known
    std::string name;
  };
  struct File {
    std::string path;
    FileFormat format{};
    std::optional<std::size_t> audience;  ///< index into `audiences`; nothing: each row's `audience` cell decides
  };

  /// In the order of audiences.json, else of their files' names sorted as bytes. The consumer appends those that are met
  /// in an `audience` column, in order of first appearance.
  std::vector<Audience> audiences;
  /// In the order of their audiences, an audience's pages by number (10 after 9).
  std::vector<File> files;
  /// The input holds every audience there is: it has an audiences.json, which does not say that there is more, and no
  /// numbered page is missing between others.
  bool complete = false;
  std::uint64_t bytes = 0;           ///< of all files together
  std::vector<std::string> ignored;  ///< paths found in folders that are no part of it
  std::vector<std::string> notes;    ///< what may surprise: an audience without a file, a missing page; one line each
};

/// Each path is a folder (its .csv, .json, .ndjson and .jsonl files, not those of folders in it; hidden files are passed
/// over) or a file. With an audiences.json every file is named `<id>.<ending>` or `<id>.<page>.<ending>`. Without one a
/// file is named after its audience (JSON also in pages `<name>.1.json`, `<name>.2.json`, ...), and a CSV or NDJSON file
/// with an `audience` column holds those that its rows name. Files of one name are one audience.
///
/// Throws Error: not_found (no such path); invalid with "file" for a folder without such files, a file of another kind,
/// an audiences.json of another shape or two of them, a file whose name is no id in audiences.json, and an empty file or
/// one with a bad header where it has to be looked into.
MAILROLL_EXPORT AudienceExport find_audience_export(std::span<const std::string> paths);

}  // namespace mailroll
