#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include "bare_server.hpp"

namespace mailroll::benchmark {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

class Connection {
 public:
  Connection(const std::filesystem::path& folder, const std::string& database)
      : handle_(PQconnectdb(("host=" + folder.string() + " user=admin dbname=" + database).c_str()), &PQfinish) {
    if (PQstatus(handle_.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(handle_.get()));
    run("SET client_min_messages = error");
  }

  [[nodiscard]] PGconn* handle() const { return handle_.get(); }
  Result run(const std::string& statement) { return checked(PQexec(handle_.get(), statement.c_str())); }
  Result run_prepared(const char* name, const std::vector<const char*>& values) {
    return checked(
        PQexecPrepared(handle_.get(), name, static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0));
  }
  std::string value(const std::string& statement) {
    const Result result = run(statement);
    return PQntuples(result.get()) == 1 ? PQgetvalue(result.get(), 0, 0) : "";
  }

  /// Calls `take` with each line of COPY ... TO STDOUT.
  template <typename Take>
  void copy_out(const std::string& statement, Take take) {
    run(statement);
    char* line = nullptr;
    int size = 0;
    while ((size = PQgetCopyData(handle_.get(), &line, 0)) > 0) {
      take(std::string_view(line, static_cast<std::size_t>(size)));
      PQfreemem(line);
    }
    if (size != -1) throw std::runtime_error(PQerrorMessage(handle_.get()));
    checked(PQgetResult(handle_.get()));
    PQclear(PQgetResult(handle_.get()));
  }

 private:
  Result checked(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_OUT) {
      PQclear(result);
      throw std::runtime_error(PQerrorMessage(handle_.get()));
    }
    return {result, &PQclear};
  }
  std::unique_ptr<PGconn, decltype(&PQfinish)> handle_;
};

class BarePostgresql final : public BareServer {
 public:
  explicit BarePostgresql(const std::string& url)
      : BareServer("PostgreSQL", url), folder_(part("host=", "&")), admin_(folder_, "postgres") {}

  [[nodiscard]] std::filesystem::path socket() const override { return folder_ / ".s.PGSQL.5432"; }
  void remove(const std::string& database) override {
    admin_.run("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
  }
  void settle() override { admin_.run("CHECKPOINT"); }

  void unload(const std::string& database, const std::filesystem::path& file) override {
    std::ofstream out(file, std::ios::binary);
    Connection connection(folder_, database);
    connection.copy_out("COPY (SELECT * FROM contacts ORDER BY team_id, contact_id) TO STDOUT",
                        [&](std::string_view line) { out << line; });
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
  }

  void load(const std::string& database, const std::filesystem::path& file) override {
    run_shell("psql -X -q -1 -v ON_ERROR_STOP=1 -h " + folder_.string() + " -U admin " + database,
              "CREATE TEMPORARY TABLE staging (LIKE contacts);\n"
              "\\copy staging FROM '" +
                  file.string() +
                  "'\n"
                  "INSERT INTO contacts SELECT * FROM staging;\n"
                  "INSERT INTO standings (team_id, contact_id, said, objectors, by_override, erased, suppressions)"
                  " SELECT team_id, contact_id, -1, 0, 0, 0, 0 FROM staging;\n");
  }

  double insert_singly(const std::string& from, const std::string& database, std::uint64_t rows) override {
    const Result people = Connection(folder_, from)
                              .run("SELECT * FROM contacts ORDER BY team_id, contact_id LIMIT " + std::to_string(rows));
    const int columns = PQnfields(people.get());
    Connection into(folder_, database);
    std::string places;
    for (int column = 1; column <= columns; ++column) places += (column > 1 ? ", $" : "$") + std::to_string(column);
    PQclear(PQprepare(into.handle(), "contact", ("INSERT INTO contacts VALUES (" + places + ")").c_str(), 0, nullptr));
    PQclear(PQprepare(into.handle(), "standing",
                      "INSERT INTO standings (team_id, contact_id, said, objectors, by_override, erased, suppressions) "
                      "VALUES ($1, $2, -1, 0, 0, 0, 0)",
                      0, nullptr));
    const auto begin = std::chrono::steady_clock::now();
    into.run("BEGIN");
    std::vector<const char*> values(static_cast<std::size_t>(columns));
    for (int row = 0; row < PQntuples(people.get()); ++row) {
      for (int column = 0; column < columns; ++column) {
        values[static_cast<std::size_t>(column)] =
            PQgetisnull(people.get(), row, column) != 0 ? nullptr : PQgetvalue(people.get(), row, column);
      }
      into.run_prepared("contact", values);
      into.run_prepared("standing", {values[0], values[1]});
    }
    into.run("COMMIT");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  ListSize list(const std::string& database, const std::string& segment, const std::string& topic) override {
    Connection& connection = listing_in(database);
    return read(database, list_statement([&](const std::string& asked) { return connection.value(asked); }, segment,
                                         topic, "extract(epoch FROM now()) * 1000000"));
  }

  ListSize read(const std::string& database, const std::string& statement) override {
    ListSize size;
    listing_in(database).copy_out("COPY (" + statement + ") TO STDOUT", [&](std::string_view line) {
      ++size.people;
      size.bytes += line.size() - 40;  // without the id, three tabs and the end of the line
    });
    return size;
  }

  std::vector<std::vector<std::int64_t>> numbers(const std::string& database, const std::string& statement) override {
    const Result result = Connection(folder_, database).run(statement);
    std::vector<std::vector<std::int64_t>> rows(static_cast<std::size_t>(PQntuples(result.get())));
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      for (int column = 0; column < PQnfields(result.get()); ++column) {
        rows[static_cast<std::size_t>(row)].push_back(std::stoll(PQgetvalue(result.get(), row, column)));
      }
    }
    return rows;
  }

  void analyse(const std::string& database) override { Connection(folder_, database).run("VACUUM ANALYZE"); }

  void transaction(const std::filesystem::path& socket, const std::function<void()>& work) override {
    Connection connection(socket.parent_path(), "postgres");
    work();
    connection.run("BEGIN");
    connection.run("COMMIT");
    work();
  }

 private:
  Connection& listing_in(const std::string& database) {
    if (!listing_ || listed_ != database) {
      listing_ = std::make_unique<Connection>(folder_, database);
      listed_ = database;
    }
    return *listing_;
  }
  void make_empty(const std::string& database) override { admin_.run("CREATE DATABASE " + database); }

  std::filesystem::path folder_;
  Connection admin_;
  std::unique_ptr<Connection> listing_;
  std::string listed_;
};

}  // namespace

std::unique_ptr<BareServer> bare_postgresql(const std::string& url) { return std::make_unique<BarePostgresql>(url); }

}  // namespace mailroll::benchmark
