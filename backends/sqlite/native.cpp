#include "sqlite/native.hpp"

#include <cerrno>
#include <cstring>

#include "sql/error.hpp"
#include "sql/row_error.hpp"

namespace mailroll::detail {
namespace {

StorageFailure failure_of(int code, int system_error) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StorageFailure::busy;
    case SQLITE_FULL: return StorageFailure::full;
    case SQLITE_READONLY: return StorageFailure::read_only;
    case SQLITE_NOTADB: return StorageFailure::not_a_database;
    case SQLITE_CORRUPT: return StorageFailure::corrupt;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return StorageFailure::unreachable;
    case SQLITE_IOERR:
      // SQLite says "full" for ENOSPC alone; quotas and size limits are the same to whoever has to make room.
      if (system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG) return StorageFailure::full;
      return StorageFailure::failed;
    default: return StorageFailure::failed;
  }
}

}  // namespace

void raise_sqlite_code(int code, int system_error, std::string_view store) {
  const StorageFailure failure = failure_of(code, system_error);
  const std::string detail = failure == StorageFailure::failed ? "SQLite code " + std::to_string(code) : std::string();
  raise_storage_failure(failure, store, detail);
}

void raise_sqlite_error(sqlite3* database, std::string_view store) {
  const int last_errno = errno;
  // SQLite remembers the system's error of a statement, but not that of a commit.
  const int remembered = sqlite3_system_errno(database);
  raise_sqlite_code(sqlite3_extended_errcode(database), remembered != 0 ? remembered : last_errno, store);
}

Native::~Native() {
  for (const auto& entry : statements_) sqlite3_finalize(entry.second);
}

sqlite3_stmt* Native::prepared(std::string_view statement) {
  sqlite3_stmt*& kept = statements_[statement.data()];
  if (kept == nullptr && sqlite3_prepare_v3(database_, statement.data(), static_cast<int>(statement.size()),
                                            SQLITE_PREPARE_PERSISTENT, &kept, nullptr) != SQLITE_OK) {
    raise();
  }
  return kept;
}

sqlite3_stmt* Native::prepared_once(std::string_view statement) const {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(database_, statement.data(), static_cast<int>(statement.size()), 0, &made, nullptr) !=
      SQLITE_OK) {
    raise();
  }
  return made;
}

void Native::run(std::string_view statement) {
  Cursor cursor(*this, statement);
  while (cursor.step()) {
  }
}

void Native::set(std::string_view pragma) {
  const std::string text(pragma);
  if (sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise();
}

void Cursor::read_id(int column, Uuid& out) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr && size == 0) {
    out = Uuid{};
    return;
  }
  if (size != static_cast<int>(out.bytes.size())) throw UnreadableRow();
  std::memcpy(out.bytes.data(), data, out.bytes.size());
}

}  // namespace mailroll::detail
