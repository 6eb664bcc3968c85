/// What SQLite leaves behind in the pages of its file.
#pragma once

#include <sqlite3.h>

namespace mailroll::detail {

/// From now on, every page that this connection writes to the database's file is written without what the page no longer
/// uses. PRAGMA secure_delete overwrites what is deleted where it stands, and pages that become free; but when rows move to
/// make room for others, copies of them stay in the unused middle of the page: some 1 in 100 deleted rows can be read there.
/// The meaning of a page does not change. Nothing is done for a database in memory, or for one of 64 GiB and more. Not for
/// files with auto_vacuum, some of whose pages look like others.
void scrub_written_pages(sqlite3* database);

}  // namespace mailroll::detail
