#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <mysql.h>

#include "bare_server.hpp"

namespace mailroll::benchmark {
namespace {

constexpr const char* lock_columns = "(team_id, contact_id, said, objectors, by_override, erased, suppressions)";

class Connection {
 public:
  Connection(const std::filesystem::path& socket, const std::string& database) : handle_(mysql_init(nullptr)) {
    if (mysql_real_connect(handle_, "localhost", "admin", "", database.c_str(), 0, socket.c_str(), 0) == nullptr)
      fail();
    run("SET NAMES utf8mb4");
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { mysql_close(handle_); }

  [[nodiscard]] MYSQL* handle() const { return handle_; }
  void run(const std::string& statement) {
    if (mysql_real_query(handle_, statement.data(), statement.size()) != 0) fail();
  }
  /// Calls `take(row, lengths, columns)` with each row, as it comes.
  template <typename Take>
  void query(const std::string& statement, Take take) {
    run(statement);
    MYSQL_RES* result = mysql_use_result(handle_);
    if (result == nullptr) fail();
    const unsigned columns = mysql_num_fields(result);
    while (const MYSQL_ROW row = mysql_fetch_row(result)) take(row, mysql_fetch_lengths(result), columns);
    mysql_free_result(result);
    if (mysql_errno(handle_) != 0) fail();
  }
  std::string value(const std::string& statement) {
    std::string found;
    query(statement, [&](MYSQL_ROW row, const unsigned long* lengths, unsigned) { found.assign(row[0], lengths[0]); });
    return found;
  }

 private:
  [[noreturn]] void fail() const { throw std::runtime_error(mysql_error(handle_)); }
  MYSQL* handle_;
};

class BareMysql final : public BareServer {
 public:
  explicit BareMysql(const std::string& url)
      : BareServer("MariaDB", url), socket_(part("unix_socket=", "&")), admin_(socket_, "mysql") {}

  [[nodiscard]] std::filesystem::path socket() const override { return socket_; }
  void remove(const std::string& database) override { admin_.run("DROP DATABASE IF EXISTS " + database); }
  /// InnoDB writes changed pages when it likes; there is no statement that waits for it.
  void settle() override { admin_.run("FLUSH LOGS"); }

  void unload(const std::string& database, const std::filesystem::path& file) override {
    std::ofstream out(file, std::ios::binary);
    Connection(socket_, database)
        .query("SELECT * FROM contacts ORDER BY team_id, contact_id",
               [&](MYSQL_ROW row, const unsigned long* lengths, unsigned columns) {
                 for (unsigned column = 0; column < columns; ++column) {
                   if (column > 0) out << '\t';
                   if (row[column] == nullptr) {
                     out << "\\N";
                     continue;
                   }
                   for (const char byte : std::string_view(row[column], lengths[column])) {
                     if (byte == '\\' || byte == '\t' || byte == '\n') out << '\\';
                     byte == '\0' ? out << "\\0" : out << byte;
                   }
                 }
                 out << '\n';
               });
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
  }

  void load(const std::string& database, const std::filesystem::path& file) override {
    run_shell("mariadb --no-defaults --local-infile -u admin -S " + socket_.string() + " " + database,
              "CREATE TEMPORARY TABLE staging SELECT * FROM contacts LIMIT 0;\n"
              "START TRANSACTION;\n"
              "LOAD DATA LOCAL INFILE '" +
                  file.string() +
                  "' INTO TABLE staging CHARACTER SET binary;\n"
                  "INSERT INTO contacts SELECT * FROM staging;\n"
                  "INSERT INTO standings " +
                  lock_columns + " SELECT team_id, contact_id, -1, 0, 0, 0, 0 FROM staging;\nCOMMIT;\n");
  }

  double insert_singly(const std::string& from, const std::string& database, std::uint64_t rows) override {
    Connection into(socket_, database);
    std::vector<std::string> statements;
    Connection(socket_, from)
        .query("SELECT * FROM contacts ORDER BY team_id, contact_id LIMIT " + std::to_string(rows),
               [&](MYSQL_ROW row, const unsigned long* lengths, unsigned columns) {
                 std::vector<std::string> values;
                 for (unsigned column = 0; column < columns; ++column) {
                   std::string value = "NULL";
                   if (row[column] != nullptr) {
                     value.resize(2 * lengths[column] + 1);
                     value.resize(mysql_real_escape_string(into.handle(), value.data(), row[column], lengths[column]));
                     value = "'" + value + "'";
                   }
                   values.push_back((column == 1 ? "_binary" : "") + value);
                 }
                 std::string& contact = statements.emplace_back("INSERT INTO contacts VALUES (");
                 for (std::size_t column = 0; column < values.size(); ++column) {
                   contact.append(column > 0 ? "," : "").append(values[column]);
                 }
                 contact += ")";
                 statements.push_back(std::string("INSERT INTO standings ") + lock_columns + " VALUES (" + values[0] +
                                      "," + values[1] + ",-1,0,0,0,0)");
               });
    const auto begin = std::chrono::steady_clock::now();
    into.run("START TRANSACTION");
    for (const std::string& statement : statements) into.run(statement);
    into.run("COMMIT");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  ListSize list(const std::string& database, const std::string& segment, const std::string& topic) override {
    Connection connection(socket_, database);
    return read(database, list_statement([&](const std::string& asked) { return connection.value(asked); }, segment,
                                         topic, "unix_timestamp() * 1000000"));
  }

  ListSize read(const std::string& database, const std::string& statement) override {
    Connection connection(socket_, database);
    ListSize size;
    connection.query(statement, [&](MYSQL_ROW, const unsigned long* lengths, unsigned) {
      ++size.people;
      size.bytes += lengths[1] + lengths[2] + lengths[3];
    });
    return size;
  }

  std::vector<std::vector<std::int64_t>> numbers(const std::string& database, const std::string& statement) override {
    std::vector<std::vector<std::int64_t>> rows;
    Connection(socket_, database).query(statement, [&](MYSQL_ROW row, const unsigned long*, unsigned columns) {
      std::vector<std::int64_t>& numbers = rows.emplace_back();
      for (unsigned column = 0; column < columns; ++column) numbers.push_back(std::stoll(row[column]));
    });
    return rows;
  }

  void analyse(const std::string& database) override {
    Connection(socket_, database)
        .query("ANALYZE TABLE contacts, memberships, choices, standings",
               [](MYSQL_ROW, const unsigned long*, unsigned) {});
  }

  void transaction(const std::filesystem::path& socket, const std::function<void()>& work) override {
    Connection connection(socket, "mysql");
    work();
    connection.run("START TRANSACTION");
    connection.run("COMMIT");
    work();
  }

 private:
  void make_empty(const std::string& database) override { admin_.run("CREATE DATABASE " + database); }

  std::filesystem::path socket_;
  Connection admin_;
};

}  // namespace

std::unique_ptr<BareServer> bare_mysql(const std::string& url) { return std::make_unique<BareMysql>(url); }

}  // namespace mailroll::benchmark
