/// The floor on a server: databases side by side on one of the servers of scripts/servers, and what the server's own shell and
/// client library do there with the same rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mailroll::benchmark {

/// What must not be left out of a list: every byte of what was read. Engines and libraries write an id differently, so that
/// only its presence counts.
struct ListSize {
  std::uint64_t people = 0;
  std::uint64_t bytes = 0;  ///< of address and names
  bool operator==(const ListSize&) const = default;
};

class BareServer {
 public:
  /// `words`: an address as `scripts/servers urls --admin` says it, of whoever may do everything, and nothing else. Throws
  /// std::runtime_error.
  static std::unique_ptr<BareServer> at(const std::vector<std::string>& words);
  BareServer(const BareServer&) = delete;
  BareServer& operator=(const BareServer&) = delete;
  virtual ~BareServer() = default;

  [[nodiscard]] const std::string& engine() const { return engine_; }  ///< "PostgreSQL", "MariaDB"
  /// A database as a store.
  [[nodiscard]] std::string store(const std::string& database) const;
  /// Where the server listens.
  [[nodiscard]] virtual std::filesystem::path socket() const = 0;

  /// Makes a database with mailroll's tables, in place of one of that name.
  void make(const std::string& database);
  virtual void remove(const std::string& database) = 0;
  /// Has the server write what earlier work left to be written, so that no run pays for the one before.
  virtual void settle() = 0;

  /// Writes the profiles into a file as the server's own loading reads it, sorted by key.
  virtual void unload(const std::string& database, const std::filesystem::path& file) = 0;
  /// By the server's shell, in one durable transaction: loads the file into a temporary table, and from there inserts the
  /// profiles, and for each the row by which mailroll locks a person. Throws std::runtime_error.
  virtual void load(const std::string& database, const std::filesystem::path& file) = 0;
  /// Inserts the same two rows for the first `rows` people of another database, one statement and one answer after the
  /// other, in one transaction; answers the seconds, without reading them there.
  virtual double insert_singly(const std::string& from, const std::string& database, std::uint64_t rows) = 0;
  /// Who of a segment may receive a topic that one is opted in to, by one statement, read as it comes.
  virtual ListSize list(const std::string& database, const std::string& segment, const std::string& topic) = 0;
  /// The rows of a statement that answers whole numbers.
  virtual std::vector<std::vector<std::int64_t>> numbers(const std::string& database, const std::string& statement) = 0;
  /// Has the server look at its tables, as it does by itself some time after a load.
  virtual void analyse(const std::string& database) = 0;
  /// What a statement says of people (id, address and both names), read as it comes.
  virtual ListSize read(const std::string& database, const std::string& statement) = 0;
  /// Over a connection to that socket: begins a transaction and commits it, `work` being called before and behind.
  virtual void transaction(const std::filesystem::path& socket, const std::function<void()>& work) = 0;

 protected:
  BareServer(std::string engine, std::string url) : engine_(std::move(engine)), url_(std::move(url)) {}
  virtual void make_empty(const std::string& database) = 0;
  /// The part of the address between `before` and `after`.
  [[nodiscard]] std::string part(const std::string& before, const std::string& after) const;
  /// The one statement of list(); `value` answers a statement with one value, `now` is the time in microseconds.
  static std::string list_statement(const std::function<std::string(const std::string&)>& value,
                                    const std::string& segment, const std::string& topic, const std::string& now);
  /// Runs a command of the shell; its standard input is `text`.
  static void run_shell(const std::string& command, const std::string& text);

 private:
  std::string engine_;
  std::string url_;
};

std::unique_ptr<BareServer> bare_postgresql(const std::string& url);
std::unique_ptr<BareServer> bare_mysql(const std::string& url);

/// A database that is gone when this is.
class ServerDatabase {
 public:
  ServerDatabase(BareServer& server, std::string name) : server_(server), name_(std::move(name)) {
    server_.make(name_);
  }
  ServerDatabase(const ServerDatabase&) = delete;
  ServerDatabase& operator=(const ServerDatabase&) = delete;
  ~ServerDatabase() { server_.remove(name_); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string store() const { return server_.store(name_); }

 private:
  BareServer& server_;
  std::string name_;
};

}  // namespace mailroll::benchmark
