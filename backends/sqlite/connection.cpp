#include "sqlite/connection.hpp"

#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>
#include <vector>

#include <soci/session.h>

#include "mailroll/error.hpp"
#include "sql/error.hpp"
#include "sql/row_error.hpp"
#include "sql/schema_migration.hpp"
#include "sql/statements/schema_version_sql.hpp"
#include "sql/statements/sqlite_sql.hpp"
#include "sqlite/scrubbed_file.hpp"
#include "sqlite/soci_session.hpp"

namespace mailroll::detail {
namespace {

constexpr std::chrono::seconds busy_time{30};
constexpr std::chrono::milliseconds forget_time{2000};  // for whoever reads from the log just now

constexpr Dialect sqlite_dialect{.name = "sqlite",
                                 .id_type = "BLOB",
                                 .blob_type = "BLOB",
                                 .text_type = "TEXT",
                                 .short_text = "VARCHAR({size})",
                                 .key_text = "VARCHAR({size})",
                                 .packed = "WITHOUT ROWID",
                                 .id_value = "cast({} AS blob)",
                                 .blob_value = "cast({} AS blob)",
                                 .adds_foreign_keys = false};

/// SQLite would take a folder or an unreadable file for reasons of its own; the file system gives the clearer answer.
void require_place(const SqlitePlace& place) {
  if (place.in_memory()) return;
  const std::filesystem::path path(place.path);
  std::error_code ignored;
  if (place.path.find('"') != std::string::npos || std::filesystem::is_directory(path, ignored) ||
      !std::filesystem::is_directory(path.parent_path(), ignored)) {
    raise_storage_failure(StorageFailure::unreachable, place.name);
  }
}

}  // namespace

struct Connection::SociSession {
  std::shared_ptr<soci::session> session;
};

const Dialect& Connection::dialect() { return sqlite_dialect; }

Connection::Connection(const SqlitePlace& place) : Connection(place, {}) {}

Connection::Connection(const SqlitePlace& place, const InitOptions& options) : name_(place.name) {
  require_place(place);
  try {
    open(place);
    migrate(options);
  } catch (...) {
    rollback();
    native_.reset();
    translate();
  }
}

InitPlan Connection::init(const SqlitePlace& place, const InitOptions& options) {
  require_place(place);
  InitPlan on_nothing = schema_plan(sqlite_dialect, {}, options, place.name);
  std::error_code ignored;
  // Whoever opens a file makes it.
  if (options.dry_run && (place.in_memory() || !std::filesystem::exists(place.path, ignored))) return on_nothing;
  return Connection(place, options).plan_;
}

Connection::~Connection() {
  rollback();
  native_.reset();  // SQLite does not close while statements are prepared
}

void Connection::open(const SqlitePlace& place) {
  soci_ = std::make_unique<SociSession>(SociSession{open_soci_session(place.path)});
  sqlite3* handle = native_handle(*soci_->session);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(std::chrono::milliseconds(busy_time).count()));
  native_ = std::make_unique<Native>(handle, name_);
  definitions_ = std::make_unique<Definitions>(*soci_->session, sqlite_dialect);
  deliveries_ = std::make_unique<Deliveries>(*soci_->session, sqlite_dialect);
}

void Connection::use_wal() {
  const auto deadline = std::chrono::steady_clock::now() + busy_time;
  for (;;) {
    {
      Cursor mode(*native_, sql::sqlite_journal);
      if (mode.step() && (mode.text(0) == "wal" || mode.text(0) == "memory")) return;
    }
    // Two that open a new file at once: SQLite answers "busy" here without waiting, since each holds what the other needs.
    try {
      native_->set(sql::sqlite_use_wal);
    } catch (const Error& error) {
      if (error.reason() != "busy" || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Connection::migrate(const InitOptions& options) {
  const auto plan_now = [this, &options] {
    SchemaState state;
    state.version = detail::schema_version(*soci_->session, names_in(Cursor(*native_, sql::sqlite_tables)), name_);
    return schema_plan(sqlite_dialect, state, options, name_);
  };
  plan_ = plan_now();  // before anything is written: the file may be somebody else's
  if (options.dry_run) return;
  native_->set(sql::sqlite_no_auto_vacuum);
  use_wal();
  native_->set(sql::sqlite_secure_delete);
  {
    Cursor mode(*native_, sql::sqlite_auto_vacuum);
    if (mode.step() && mode.number(0) == 0) scrub_written_pages(native_->handle());
  }
  native_->set(sql::sqlite_limit_wal);
  native_->set(sql::sqlite_usual_cache);
  native_->set(sql::sqlite_sync_full);
  if (plan_.steps.empty()) return;

  begin_write();
  plan_ = plan_now();  // somebody else may have been quicker
  apply_plan(*soci_->session, sqlite_dialect, plan_);
  commit(Durability::full);
}

void Connection::translate() const {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const UnreadableRow&) {
    raise_storage_failure(StorageFailure::corrupt, name_);
  } catch (...) {
    const std::optional<int> code = soci_error_code();
    if (!code) throw;  // not the engine's, e.g. out of memory
    // The handle knows the error more exactly than SOCI's copy of it, unless the session could not be opened.
    if (native_ && sqlite3_errcode(native_->handle()) != SQLITE_OK) native_->raise();
    raise_sqlite_code(*code == SQLITE_ERROR && !native_ ? SQLITE_CANTOPEN : *code, 0, name_);
  }
}

void Connection::begin_read() {
  if (!idle()) raise_storage_failure(StorageFailure::failed, name_, "a transaction is open already in this session");
  native_->run(sql::sqlite_begin_read);
  transaction_ = Transaction::read;
  native_->run(sql::select_schema_version);  // SQLite's snapshot begins with the first read
}

void Connection::begin_write() {
  if (!idle()) raise_storage_failure(StorageFailure::failed, name_, "a transaction is open already in this session");
  native_->run(sql::sqlite_begin_write);
  transaction_ = Transaction::write;
}

void Connection::require_write() const {
  if (transaction_ == Transaction::write && native_->in_transaction()) return;
  raise_storage_failure(StorageFailure::failed, name_, "no write transaction is open in this session");
}

void Connection::commit(Durability durability) {
  if (idle()) raise_storage_failure(StorageFailure::failed, name_, "no transaction is open in this session");
  const bool wrote = transaction_ == Transaction::write;
  if (wrote) require_write();
  native_->run(sql::sqlite_commit);
  transaction_ = Transaction::none;
  if (!wrote) return;
  if (durability == Durability::full && synchronous_ == Durability::bulk) sync_log();
  // The level holds for the next transaction: inside one, where a commit first says what it wants, it cannot change.
  // A load of many bulk commits so pays for one sync at its beginning and one at its end.
  set_synchronous(durability);
}

void Connection::rollback() noexcept {
  if (!idle() && native_ && native_->in_transaction()) {
    try {
      native_->run(sql::sqlite_rollback);
    } catch (...) {  // NOLINT(bugprone-empty-catch): what is not rolled back now is when the file is opened again
    }
  }
  transaction_ = Transaction::none;
}

void Connection::set_synchronous(Durability durability) {
  if (synchronous_ == durability) return;
  native_->set(durability == Durability::full ? sql::sqlite_sync_full : sql::sqlite_sync_normal);
  synchronous_ = durability;
}

void Connection::sync_log() {
  // Everything committed is in the log, or was moved from it to the file by a checkpoint, which syncs at both levels.
  sqlite3_file* log = nullptr;
  if (sqlite3_file_control(native_->handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log)) !=
          SQLITE_OK ||
      log == nullptr || log->pMethods == nullptr) {
    return;  // a database in memory
  }
  const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) raise_sqlite_code(code, sqlite3_system_errno(native_->handle()), name_);
}

void Connection::expect_bulk(bool begins) {
  native_->set(begins ? sql::sqlite_large_cache : sql::sqlite_usual_cache);
  native_->set(begins ? sql::sqlite_late_checkpoints : sql::sqlite_usual_checkpoints);
  if (!begins && idle()) empty_log(std::chrono::milliseconds(0));
}

bool Connection::forget() {
  if (!idle()) raise_storage_failure(StorageFailure::failed, name_, "a transaction is open already in this session");
  const int code = empty_log(forget_time);
  if (code == SQLITE_OK) return true;
  if ((code & 0xFF) != SQLITE_BUSY && (code & 0xFF) != SQLITE_LOCKED) {
    raise_sqlite_code(code, sqlite3_system_errno(native_->handle()), name_);
  }
  return false;
}

int Connection::empty_log(std::chrono::milliseconds wait) {
  sqlite3* handle = native_->handle();
  sqlite3_busy_timeout(handle, static_cast<int>(wait.count()));
  const int code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(handle, static_cast<int>(std::chrono::milliseconds(busy_time).count()));
  return code;
}

}  // namespace mailroll::detail
