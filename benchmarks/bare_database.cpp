#include "bare_database.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace mailroll::benchmark {

namespace {

// Rows in a transaction. From 10,000 to 200,000 it makes no difference; all of them in one is slower.
constexpr std::uint64_t chunk = 50'000;

template <typename Number>
void append(std::string& cells, Number number) {
  cells.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number>
Number take(const char*& at) {
  Number number{};
  std::memcpy(&number, at, sizeof number);
  at += sizeof number;
  return number;
}

void record_cell(sqlite3_stmt* row, int column, std::string& cells) {
  const int type = sqlite3_column_type(row, column);
  cells.push_back(static_cast<char>(type));
  switch (type) {
    case SQLITE_NULL: return;
    case SQLITE_INTEGER: return append(cells, std::int64_t{sqlite3_column_int64(row, column)});
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
      const void* data = sqlite3_column_blob(row, column);
      const auto size = static_cast<std::uint32_t>(sqlite3_column_bytes(row, column));
      append(cells, size);
      cells.append(static_cast<const char*>(data), size);
      return;
    }
    default: throw std::runtime_error("a cell of a type that mailroll does not write");
  }
}

void insert_row(const BareDatabase& database, sqlite3_stmt* statement, int columns, const char*& at) {
  for (int column = 1; column <= columns; ++column) {
    const int type = *at++;
    if (type == SQLITE_NULL) {
      sqlite3_bind_null(statement, column);
    } else if (type == SQLITE_INTEGER) {
      sqlite3_bind_int64(statement, column, take<std::int64_t>(at));
    } else {
      const auto size = static_cast<int>(take<std::uint32_t>(at));
      if (type == SQLITE_TEXT)
        sqlite3_bind_text(statement, column, at, size, SQLITE_STATIC);
      else
        sqlite3_bind_blob(statement, column, at, size, SQLITE_STATIC);
      at += size;
    }
  }
  if (sqlite3_step(statement) != SQLITE_DONE) database.check(sqlite3_extended_errcode(database.handle()));
  sqlite3_reset(statement);
}

}  // namespace

BareDatabase::BareDatabase(const std::filesystem::path& path) {
  // One thread: SQLite need not lock anything.
  check(sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr));
  run("PRAGMA journal_mode = WAL");
  run("PRAGMA synchronous = FULL");
  run("PRAGMA cache_size = -16384");
}

BareDatabase::~BareDatabase() { sqlite3_close(handle_); }

void BareDatabase::check(int code) const {
  if (code != SQLITE_OK) throw std::runtime_error(std::string("floor: ") + sqlite3_errmsg(handle_));
}

void BareDatabase::run(const std::string& sql) { check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr)); }

sqlite3_stmt* BareDatabase::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr));
  return statement;
}

std::int64_t BareDatabase::number(const std::string& sql) {
  sqlite3_stmt* statement = prepare(sql);
  const bool found = sqlite3_step(statement) == SQLITE_ROW;
  const std::int64_t answer = found ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  if (!found) throw std::runtime_error("floor: no answer to " + sql);
  return answer;
}

std::uint64_t Recording::rows() const {
  std::uint64_t sum = 0;
  for (const Table& table : tables) sum += table.rows;
  return sum;
}

Recording record(const std::filesystem::path& path) {
  BareDatabase database(path);
  Recording recording;
  sqlite3_stmt* objects =
      database.prepare("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC");
  while (sqlite3_step(objects) == SQLITE_ROW) {
    const auto text = [&](int column) { return reinterpret_cast<const char*>(sqlite3_column_text(objects, column)); };
    recording.schema.emplace_back(text(2));
    if (std::string(text(0)) == "table") recording.tables.push_back({.name = text(1)});
  }
  sqlite3_finalize(objects);

  for (Recording::Table& table : recording.tables) {
    std::string key;
    sqlite3_stmt* columns =
        database.prepare("SELECT name FROM pragma_table_info('" + table.name + "') WHERE pk > 0 ORDER BY pk");
    while (sqlite3_step(columns) == SQLITE_ROW) {
      if (!key.empty()) key += ", ";
      key += reinterpret_cast<const char*>(sqlite3_column_text(columns, 0));
    }
    sqlite3_finalize(columns);
    sqlite3_stmt* rows = database.prepare("SELECT * FROM " + table.name + (key.empty() ? "" : " ORDER BY " + key));
    table.columns = sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
      for (int column = 0; column < table.columns; ++column) record_cell(rows, column, table.cells);
      ++table.rows;
    }
    sqlite3_finalize(rows);
    table.insert = "INSERT INTO " + table.name + " VALUES (?";
    for (int column = 1; column < table.columns; ++column) table.insert += ", ?";
    table.insert += ")";
  }
  return recording;
}

void insert(const Recording& recording, const std::filesystem::path& path) {
  remove_database(path);
  BareDatabase database(path);
  database.run("PRAGMA cache_size = -65536");
  database.run("PRAGMA wal_autocheckpoint = 16384");
  // As for a bulk load of ours: what is durable is the end.
  database.run("PRAGMA synchronous = NORMAL");
  database.run("BEGIN");
  for (const std::string& sql : recording.schema) database.run(sql);
  std::uint64_t pending = 0;
  for (const Recording::Table& table : recording.tables) {
    sqlite3_stmt* statement = database.prepare(table.insert);
    const char* at = table.cells.data();
    for (std::uint64_t row = 0; row < table.rows; ++row) {
      insert_row(database, statement, table.columns, at);
      if (++pending == chunk) {
        database.run("COMMIT");
        database.run("BEGIN");
        pending = 0;
      }
    }
    sqlite3_finalize(statement);
  }
  database.run("COMMIT");
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

void remove_database(const std::filesystem::path& path) {
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path.string() + ending);
}

}  // namespace mailroll::benchmark
