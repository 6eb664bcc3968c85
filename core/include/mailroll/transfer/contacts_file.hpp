/// Opens a file of contacts, whichever of its formats it has.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/transfer/column_map.hpp"
#include "mailroll/transfer/input_file.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

enum class FileFormat : std::uint8_t { csv, ndjson, json_list };

/// By the file name's ending in any case: .csv, .ndjson or .jsonl, .json (a list of the old API); false for another one.
MAILROLL_EXPORT bool format_of_name(std::string_view path, FileFormat& format);

/// open_csv, open_ndjson or open_json_list.
MAILROLL_EXPORT std::unique_ptr<RowReader> open_rows(InputFile file, FileFormat format, ColumnMap map = {});

/// The same for a file or standard input ("-") that somebody named: .csv is CSV, .ndjson and .jsonl are NDJSON, anything
/// else is NDJSON where its first byte that is not blank is "{", and CSV otherwise. `digest` as in InputFile::open.
MAILROLL_EXPORT std::unique_ptr<RowReader> open_contacts_file(const std::string& path, ColumnMap map = {},
                                                              std::shared_ptr<ContentDigest> digest = nullptr);

}  // namespace mailroll
