#include "mysql/connection.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <mysqld_error.h>
#include <soci/session.h>

#include "mysql/mysql_error.hpp"
#include "mysql/soci_session.hpp"
#include "sql/error.hpp"
#include "sql/row_error.hpp"
#include "sql/schema_migration.hpp"
#include "sql/statements/locks_sql.hpp"
#include "sql/statements/mysql_sql.hpp"
#include "sql/statements/schema_lock_sql.hpp"
#include "sql/statements/schema_version_sql.hpp"
#include "sql/statements/standings_sql.hpp"

namespace mailroll::detail {
namespace {

// The servers differ in the name of the collation that compares bytes and does not pad: utf8mb4_bin takes "a " for "a".
constexpr Dialect mariadb_dialect{.name = "mysql",
                                  .id_type = "BINARY(16)",
                                  .blob_type = "BLOB",
                                  .text_type = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
                                  .short_text = "VARCHAR({size}) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
                                  .key_text = "VARBINARY({size})",
                                  .packed = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC",
                                  .id_value = "unhex({})",
                                  .blob_value = "unhex({})",
                                  .as_hex = true,
                                  .on_duplicate_key = true};

constexpr Dialect mysql_dialect = [] {
  Dialect dialect = mariadb_dialect;
  dialect.text_type = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";
  dialect.short_text = "VARCHAR({size}) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";
  return dialect;
}();

constexpr unsigned mysql_duplicate_foreign_key = 1826;  // MariaDB's headers lack the name

/// Whether what SOCI threw says that such a statement of a migration had been done already, or one behind it.
bool was_done_before(StatementKind kind) {
  const unsigned number = mysql_error_number().value_or(0);
  switch (kind) {
    case StatementKind::makes_table: return number == ER_TABLE_EXISTS_ERROR;
    case StatementKind::makes_index: return number == ER_DUP_KEYNAME;
    case StatementKind::alters_table: return number == ER_DUP_FIELDNAME || number == ER_CANT_DROP_FIELD_OR_KEY;
    case StatementKind::drops_table: return number == ER_BAD_TABLE_ERROR;
    // The rows are there, or came from a table that is gone since.
    case StatementKind::moves_rows: return number == ER_DUP_ENTRY || number == ER_NO_SUCH_TABLE;
    // MariaDB has one number for every foreign key that it does not make; init() looks again.
    case StatementKind::binds_rows:
      return number == ER_CANT_CREATE_TABLE || number == ER_DUP_CONSTRAINT_NAME ||
             number == mysql_duplicate_foreign_key;
    case StatementKind::other: return false;
  }
  return false;
}

}  // namespace

struct MysqlConnection::SociSession {
  std::shared_ptr<soci::session> session;
};

MysqlConnection::MysqlConnection(MysqlPlace place) : place_(std::move(place)), dialect_(&mariadb_dialect) { connect(); }

MysqlConnection::~MysqlConnection() { rollback(); }

void MysqlConnection::connect() {
  deliveries_.reset();
  definitions_.reset();
  client_.reset();
  soci_.reset();
  transaction_ = Transaction::none;
  try {
    soci_ = std::make_unique<SociSession>(SociSession{open_mysql_session(place_.connection)});
  } catch (...) {
    const std::optional<unsigned> number = mysql_error_number();
    if (!number) throw;  // not the engine's, e.g. out of memory
    raise_mysql_error(*number, place_.name, true);
  }
  set_up();
}

void MysqlConnection::set_up() {
  MYSQL* handle = mysql_handle(*soci_->session);
  if (place_.encrypted && mysql_get_ssl_cipher(handle) == nullptr) {
    raise_storage_failure(StorageFailure::not_over_tls, place_.name);
  }
  dialect_ = mariadb_connection(handle) != 0 ? &mariadb_dialect : &mysql_dialect;
  client_ = std::make_unique<MysqlClient>(handle, place_.name, *dialect_);
  definitions_ = std::make_unique<Definitions>(*soci_->session, *dialect_);
  deliveries_ = std::make_unique<Deliveries>(*soci_->session, *dialect_);
  client_->run(sql::mysql_settings);
  MysqlRows takes_files(*client_, sql::mysql_takes_files);
  client_->allow_load(takes_files.step() && takes_files.number(0) == 1);
}

Definitions& MysqlConnection::definitions() {
  client_->settle();
  return *definitions_;
}

Deliveries& MysqlConnection::deliveries() {
  client_->settle();
  return *deliveries_;
}

void MysqlConnection::translate() {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const UnreadableRow&) {
    raise_storage_failure(StorageFailure::corrupt, place_.name);
  } catch (...) {
    const std::optional<unsigned> number = mysql_error_number();
    if (!number) throw;
    client_->note_failure(*number);
    raise_mysql_error(*number, place_.name);
  }
}

InitPlan MysqlConnection::plan_now(const InitOptions& options) {
  const std::vector<std::string> tables = names_in(MysqlRows(*client_, sql::mysql_tables));
  SchemaState state;
  if (!is_unfinished(*soci_->session, tables)) state.version = schema_version(*soci_->session, tables, place_.name);
  if (options.foreign_keys) state.foreign_keys = names_in(MysqlRows(*client_, sql::mysql_foreign_keys));
  return schema_plan(*dialect_, state, options, place_.name);
}

InitPlan MysqlConnection::init(const InitOptions& options) {
  return translated([&] {
    InitPlan plan = plan_now(options);
    if (options.dry_run || plan.steps.empty()) return plan;
    *soci_->session << lock_table(*dialect_);
    // Statements that define tables commit, so the row is locked on a connection of its own; the server lets go of it when
    // whoever holds it is gone.
    MysqlConnection holder(place_);
    holder.lock_schema();
    plan = plan_now(options);  // somebody else may have been quicker
    if (plan.steps.empty()) return plan;
    apply_plan(*soci_->session, *dialect_, plan, was_done_before,
               [&] { holder.translated([&] { holder.client_->query(std::string(sql::mysql_still_there)); }); });
    if (!plan_now(options).steps.empty()) {
      raise_storage_failure(StorageFailure::failed, place_.name, "a foreign key cannot be made");
    }
    return plan;
  });
}

void MysqlConnection::lock_schema() {
  for (int attempt = 1;; ++attempt) {
    try {
      client_->run(dialect_->text(sql::lock_schema));  // made for good, so that whoever waits for it waits for a row
      begin(Transaction::write);
      client_->run(dialect_->text(sql::lock_schema));
      return;
    } catch (const Error& error) {
      rollback();
      if (error.reason() != "contended" || attempt == 5) throw;
    }
  }
}

void MysqlConnection::begin(Transaction transaction) {
  if (!idle()) {
    raise_storage_failure(StorageFailure::failed, place_.name, "a transaction is open already in this session");
  }
  if (!client_ || client_->lost() || client_->ended()) connect();
  client_->begin_transaction();
  if (transaction == Transaction::read) client_->later(std::string(sql::mysql_next_sees_one_state));
  client_->later(std::string(transaction == Transaction::write ? sql::mysql_begin_write : sql::mysql_begin_read));
  transaction_ = transaction;
}

void MysqlConnection::begin_read() {
  if (!idle()) begin(Transaction::read);
  again_if_lost([&] {
    begin(Transaction::read);
    try {
      client_->settle();  // what is seen is what there is now, not at the first query
    } catch (...) {
      rollback();
      throw;
    }
  });
}
void MysqlConnection::begin_write() { begin(Transaction::write); }

void MysqlConnection::require_write() const {
  if (transaction_ == Transaction::write && !client_->failed()) return;
  raise_storage_failure(StorageFailure::failed, place_.name, "no write transaction is open in this session");
}

void MysqlConnection::commit(Durability /*durability*/) {
  if (idle()) raise_storage_failure(StorageFailure::failed, place_.name, "no transaction is open in this session");
  if (transaction_ == Transaction::write) require_write();
  apart_.reset();
  // Behind the last writes, in one packet with them: where one of them fails, the server does nothing of what stands behind it.
  client_->later(std::string(sql::mysql_commit));
  client_->settle();
  client_->end_transaction();
  transaction_ = Transaction::none;
}

void MysqlConnection::rollback() noexcept {
  if (idle()) return;
  transaction_ = Transaction::none;
  apart_.reset();
  client_->end_transaction();
  if (client_->lost()) return;
  try {
    client_->run(sql::mysql_rollback);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the server rolls back by itself when the connection is gone
  }
}

void MysqlConnection::lock(TeamNumber team, std::span<const ContactId> contacts) {
  if (transaction_ != Transaction::write || contacts.empty()) return;
  Batch row(*this, sql::lock_standings);
  row.keep(number_of(team));
  for (const ContactId& contact : contacts) {
    row.bind(contact);
    row.run();
  }
  row.send();
}

void MysqlConnection::lock_shared(TeamNumber team, std::int32_t number) {
  if (transaction_ != Transaction::write) return;
  Batch row(*this, sql::lock_row);
  row.bind(number_of(team)).bind(number);
  row.run();
  row.send();
}

bool MysqlConnection::forget() const {
  if (!idle()) {
    raise_storage_failure(StorageFailure::failed, place_.name, "a transaction is open already in this session");
  }
  return false;
}

}  // namespace mailroll::detail
