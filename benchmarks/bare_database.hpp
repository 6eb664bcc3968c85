/// The floor: SQLite's C API as one would use it by hand, and the rows of a finished database to insert again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace mailroll::benchmark {

/// A database with the settings that mailroll's own connections have (WAL, synchronous = FULL, 16 MiB of pages), and
/// without SQLite's locks between threads.
class BareDatabase {
 public:
  explicit BareDatabase(const std::filesystem::path& path);
  BareDatabase(const BareDatabase&) = delete;
  BareDatabase& operator=(const BareDatabase&) = delete;
  ~BareDatabase();

  void run(const std::string& sql);
  /// Belongs to the caller.
  sqlite3_stmt* prepare(const std::string& sql);
  /// The first column of the only row.
  std::int64_t number(const std::string& sql);
  void check(int code) const;
  [[nodiscard]] sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// Every row of every table of a database, in memory, in the order of the primary keys; and the schema.
struct Recording {
  struct Table {
    std::string name;
    std::string insert;
    int columns = 0;
    std::uint64_t rows = 0;
    std::string cells;  ///< of each: a type (SQLITE_INTEGER...), then eight bytes, or four of length and the bytes
  };
  std::vector<std::string> schema;
  std::vector<Table> tables;

  [[nodiscard]] std::uint64_t rows() const;
};

Recording record(const std::filesystem::path& database);

/// Makes the tables in a new file and inserts the rows: prepared statements, table after table, sorted, in transactions
/// of many rows, the last of which is durable. The same indexes are there from the beginning, as they are for us.
void insert(const Recording& recording, const std::filesystem::path& database);

/// Removes a database with its log.
void remove_database(const std::filesystem::path& path);

}  // namespace mailroll::benchmark
