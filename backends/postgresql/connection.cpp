#include "postgresql/connection.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <soci/session.h>

#include "postgresql/refusal.hpp"
#include "postgresql/soci_session.hpp"
#include "sql/error.hpp"
#include "sql/row_error.hpp"
#include "sql/schema_distribution.hpp"
#include "sql/schema_migration.hpp"
#include "sql/statements/locks_sql.hpp"
#include "sql/statements/postgresql_sql.hpp"
#include "sql/statements/schema_lock_sql.hpp"
#include "sql/statements/schema_version_sql.hpp"
#include "sql/statements/standings_sql.hpp"

namespace mailroll::detail {
namespace {

constexpr Dialect postgresql_dialect{.name = "postgresql",
                                     .id_type = "UUID",
                                     .blob_type = "BYTEA",
                                     .text_type = "TEXT COLLATE \"C\"",
                                     .short_text = "TEXT COLLATE \"C\"",
                                     .key_text = "TEXT COLLATE \"C\"",
                                     .packed = "",
                                     .id_value = "{}::uuid",
                                     .blob_value = "decode({}, 'hex')",
                                     .as_hex = true,
                                     .distributes = true};

}  // namespace

PostgresqlConnection::Rows::Rows(PostgresqlConnection& connection, const Statement& statement)
    : PostgresqlRows(connection.native(), statement) {}

PostgresqlConnection::TextRows::TextRows(PostgresqlConnection& connection, const std::string& text)
    : PostgresqlRows(connection.native(), text) {}

const Dialect& PostgresqlConnection::dialect() { return postgresql_dialect; }

PostgresqlConnection::RangeRows::RangeRows(PostgresqlConnection& connection, const Statement& statement,
                                           std::int32_t team, const IdRange& range, std::size_t limit)
    : PostgresqlRangeRows(connection.native(), statement, team, range, limit) {}

PostgresqlConnection::RangeRows::RangeRows(PostgresqlConnection& connection, const Statement& statement,
                                           std::int32_t team, std::span<const ContactId> contacts)
    : PostgresqlRangeRows(connection.native(), statement, team, contacts) {}

PostgresqlConnection::Batch::Batch(PostgresqlConnection& connection, const Statement& statement)
    : PostgresqlBatch(connection.native(), statement) {}

struct PostgresqlConnection::SociSession {
  std::shared_ptr<soci::session> session;
};

PostgresqlConnection::PostgresqlConnection(PostgresqlPlace place) : place_(std::move(place)) { connect(); }

PostgresqlConnection::~PostgresqlConnection() {
  rollback();
  if (native_) native_->settle_quietly();  // or the server complains of somebody who went away
}

void PostgresqlConnection::connect() {
  deliveries_.reset();
  definitions_.reset();
  native_.reset();
  soci_.reset();
  transaction_ = Transaction::none;
  try {
    soci_ = std::make_unique<SociSession>(SociSession{open_postgresql_session(place_.settings)});
  } catch (...) {
    if (!soci_postgresql_state()) throw;  // not the engine's, e.g. out of memory
    const auto [state, not_over_tls] = refusal_of(place_.settings);
    if (not_over_tls) raise_storage_failure(StorageFailure::not_over_tls, place_.name);
    if (state == "53300") raise_storage_failure(StorageFailure::no_connection, place_.name);
    raise_storage_failure(StorageFailure::unreachable, place_.name, state.empty() ? state : "SQLSTATE " + state);
  }
  native_ = std::make_unique<Native>(postgresql_handle(*soci_->session), place_.name);
  // What the server says unasked would be printed, and holds what it likes.
  PQsetNoticeReceiver(
      native_->handle(), [](void*, const PGresult*) {}, nullptr);
  definitions_ = std::make_unique<Definitions>(*soci_->session, postgresql_dialect);
  deliveries_ = std::make_unique<Deliveries>(*soci_->session, postgresql_dialect);
  native_->send(sql::postgresql_lock_timeout);
  native_->flush();
}

void PostgresqlConnection::connect_if_lost() {
  if (!native_ || native_->lost()) connect();
}

Definitions& PostgresqlConnection::definitions() {
  native_->settle();
  return *definitions_;
}

Deliveries& PostgresqlConnection::deliveries() {
  native_->settle();
  return *deliveries_;
}

void PostgresqlConnection::translate() const {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const UnreadableRow&) {
    raise_storage_failure(StorageFailure::corrupt, place_.name);
  } catch (...) {
    const std::optional<std::string> state = soci_postgresql_state();
    if (!state) throw;
    raise_postgresql_failure(*state, native_->lost(), place_.name);
  }
}

InitPlan PostgresqlConnection::plan_now(const InitOptions& options) {
  const auto names = [&](std::string_view statement) { return names_in(PostgresqlRows(*native_, statement)); };
  const std::vector<std::string> tables = names(sql::postgresql_tables);
  native_->settle();
  SchemaState state;
  state.version = schema_version(*soci_->session, tables, place_.name);
  if (std::ranges::find(tables, "settings") != tables.end()) {
    state.distribution = distribution_in(definitions_->settings(TeamNumber{0}));
  }
  if (options.foreign_keys) state.foreign_keys = names(sql::postgresql_foreign_keys);
  InitPlan plan = schema_plan(postgresql_dialect, state, options, place_.name);
  if (plan.distribution && !plan.steps.empty() && names(sql::postgresql_distributing).size() != 2) {
    throw Error(ErrorKind::refused,
                "the store " + place_.name +
                    " cannot be distributed: its server has no create_distributed_table(); have CREATE EXTENSION citus "
                    "run in this database by a superuser, or leave --distribute out",
                {{"reason", "extension_missing"}});
  }
  return plan;
}

InitPlan PostgresqlConnection::init(const InitOptions& options) {
  for (int attempt = 1;; ++attempt) {
    InitPlan plan = settled([&] { return plan_now(options); });
    if (options.dry_run || plan.steps.empty()) return plan;
    try {
      settled([&] { *soci_->session << lock_table(postgresql_dialect); });
      begin_write();
      settled([&] {
        native_->send(native_->prepared(sql::lock_schema), {});
        native_->settle();
        plan = plan_now(options);  // somebody else may have been quicker
        apply_plan(*soci_->session, postgresql_dialect, plan);
      });
      commit(Durability::full);
      return plan;
    } catch (const Error& error) {
      rollback();
      native_->settle_quietly();
      if (native_->lost() || error.kind() != ErrorKind::storage || attempt == 5) throw;
      // Two that begin at once make the same first table. The one that was later looks again.
      std::this_thread::sleep_for(std::chrono::milliseconds(50 * attempt));
    }
  }
}

void PostgresqlConnection::begin(std::string_view statement) {
  if (!idle()) {
    raise_storage_failure(StorageFailure::failed, place_.name, "a transaction is open already in this session");
  }
  connect_if_lost();
  native_->send(statement);
}

void PostgresqlConnection::begin_own_read() {
  begin(sql::postgresql_begin_read);
  transaction_ = Transaction::read;
}

void PostgresqlConnection::begin_read() {
  if (idle()) {
    again_if_lost([&] {
      begin(sql::postgresql_begin_read);
      Native::Prepared& snapshot = native_->prepared(sql::select_schema_version);  // begins with the first query
      native_->send(snapshot, {});
      native_->settle();
    });
    transaction_ = Transaction::read;
    return;
  }
  begin(sql::postgresql_begin_read);
}

void PostgresqlConnection::begin_write() {
  begin(sql::postgresql_begin_write);
  transaction_ = Transaction::write;
}

void PostgresqlConnection::require_write() const {
  if (transaction_ == Transaction::write) return;
  raise_storage_failure(StorageFailure::failed, place_.name, "no write transaction is open in this session");
}

void PostgresqlConnection::commit(Durability durability) {
  if (idle()) raise_storage_failure(StorageFailure::failed, place_.name, "no transaction is open in this session");
  if (transaction_ == Transaction::write && durability == Durability::bulk) native_->send(sql::postgresql_commit_soon);
  apart_.reset();
  const auto reply = native_->send(sql::postgresql_commit);
  native_->settle();
  // A transaction in which something failed is rolled back by its commit, without an error.
  const bool kept = std::string_view(PQcmdStatus(reply->result)) == "COMMIT";
  transaction_ = Transaction::none;
  if (!kept) raise_storage_failure(StorageFailure::failed, place_.name);
}

void PostgresqlConnection::rollback() noexcept {
  if (idle()) return;
  transaction_ = Transaction::none;
  apart_.reset();
  if (!native_ || native_->lost()) return;
  try {
    native_->send(sql::postgresql_rollback);
    native_->flush();
  } catch (...) {  // NOLINT(bugprone-empty-catch): the server rolls back by itself when the connection is gone
  }
}

void PostgresqlConnection::lock(TeamNumber team, std::span<const ContactId> contacts) {
  if (transaction_ != Transaction::write || contacts.empty()) return;
  Batch row(*this, sql::lock_standings);
  row.keep(number_of(team));
  const ContactId* last = nullptr;
  for (const ContactId& contact : contacts) {
    if (last != nullptr && *last == contact) continue;  // one statement may lock a row once
    last = &contact;
    row.bind(contact);
    row.run();
  }
  row.send();
}

void PostgresqlConnection::lock_shared(TeamNumber team, std::int32_t number) {
  if (transaction_ != Transaction::write) return;
  PostgresqlValues values;
  values.add(number_of(team));
  values.add(number);
  native_->send(native_->prepared(sql::lock_row), values);
}

void PostgresqlConnection::expect_bulk(bool begins) {
  if (begins || !idle() || !native_ || native_->lost()) return;
  settled([&] {
    PostgresqlRows tables(*native_, sql::postgresql_grown_tables);
    while (tables.step()) {
      const std::string table(tables.text(0));
      // Tables of somebody else may stand beside ours, under names that would have to be quoted.
      if (is_table_of_ours(table)) native_->send(std::string(sql::postgresql_count_rows) + table);
    }
  });
}

bool PostgresqlConnection::forget() const {
  if (!idle())
    raise_storage_failure(StorageFailure::failed, place_.name, "a transaction is open already in this session");
  return false;
}

}  // namespace mailroll::detail
