/// Claim, on a server whose address (of scripts/servers urls --admin) is the last word: an unsubscribe by address crosses the
/// network at most twice more than the transaction's own beginning and end. Counted on the wire, between client and server.
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <mailroll/mailroll.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bare_server.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

constexpr const char* topic_name = "News";

int open_socket(const std::filesystem::path& path, bool listening) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) throw std::runtime_error("the path of a socket is too long");
  path.native().copy(address.sun_path, path.native().size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  const int failed = listening ? ::bind(socket, where, sizeof address) : ::connect(socket, where, sizeof address);
  if (failed != 0 || (listening && ::listen(socket, 16) != 0))
    throw std::runtime_error("no socket at " + path.string());
  return socket;
}

/// Stands between clients and the server. A round trip is counted where a client speaks after the server has.
class Wire {
 public:
  Wire(const std::filesystem::path& path, std::filesystem::path server)
      : server_(std::move(server)),
        listener_(open_socket(path, true)),
        thread_([this](const std::stop_token& stop) { relay(stop); }) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() {
    thread_.request_stop();
    thread_.join();
    for (const Pair& pair : pairs_) {
      ::close(pair.client);
      ::close(pair.server);
    }
    ::close(listener_);
  }
  [[nodiscard]] int trips() const { return trips_; }

 private:
  struct Pair {
    int client;
    int server;
    bool server_spoke = true;
  };

  void relay(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
      for (const Pair& pair : pairs_) {
        waiting.push_back({pair.client, POLLIN, 0});
        waiting.push_back({pair.server, POLLIN, 0});
      }
      if (::poll(waiting.data(), waiting.size(), 50) <= 0) continue;
      std::vector<std::size_t> ended;
      for (std::size_t i = 0; i < pairs_.size(); ++i) {
        Pair& pair = pairs_[i];
        bool open = true;
        if (waiting[2 * i + 1].revents != 0) {
          open = pass(pair.client, pair.server);
          if (open && pair.server_spoke) ++trips_;
          pair.server_spoke = false;
        }
        if (waiting[2 * i + 2].revents != 0) {
          open = pass(pair.server, pair.client) && open;
          pair.server_spoke = true;
        }
        if (!open) ended.insert(ended.begin(), i);
      }
      for (const std::size_t i : ended) {
        ::close(pairs_[i].client);
        ::close(pairs_[i].server);
        pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      if (waiting.front().revents != 0)
        pairs_.push_back({::accept(listener_, nullptr, nullptr), open_socket(server_, false)});
    }
  }

  static bool pass(int from, int to) {
    std::vector<char> bytes(1U << 16U);
    const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    for (ssize_t sent = 0; sent < count;) {
      const ssize_t now = ::send(to, bytes.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
      if (now < 0) return false;
      sent += now;
    }
    return true;
  }

  std::filesystem::path server_;
  int listener_;
  std::vector<Pair> pairs_;  // of the thread
  std::atomic<int> trips_ = 0;
  std::jthread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "How often an unsubscribe crosses the network.", {2000});
  const std::unique_ptr<BareServer> server = BareServer::at(settings.others);
  const ServerDatabase database(*server, "mailroll_benchmark");
  {
    mailroll::Roll roll = mailroll::open(database.store());
    roll.topics().create({.name = topic_name, .default_subscription = mailroll::Subscription::opt_in});
    roll.contacts().import_file(contacts_file(settings.folder, settings.rows.front())).apply();
  }

  // A folder with a short path, as the path of a socket must be.
  std::string made = (std::filesystem::temp_directory_path() / "mailroll-wire-XXXXXX").string();
  if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no folder in the temporary one");
  const std::filesystem::path folder = made;
  const auto socket = folder / server->socket().filename();
  std::string store = database.store();
  const std::string there = server->engine() == "PostgreSQL" ? server->socket().parent_path() : server->socket();
  const std::string here = server->engine() == "PostgreSQL" ? folder : socket;
  store.replace(store.find(there), there.size(), here);

  std::vector<Claim> claims;
  {
    const Wire wire(socket, server->socket());
    mailroll::Roll roll = mailroll::open(store);
    std::uint64_t next = 0;
    const auto trips_of = [&](const auto& act) {
      act();  // what is asked once a connection, and once for each new text of a source
      const int before = wire.trips();
      act();
      return static_cast<double>(wire.trips() - before);
    };
    std::vector<int> around;
    server->transaction(socket, [&] { around.push_back(wire.trips()); });
    const double own = around.back() - around.front();
    const auto add = [&](const std::string& what, const auto& act) {
      Claim claim{.name = server->engine() + ": round trips of an unsubscribe from " + what,
                  .unit = "round trips beyond the transaction's own",
                  .limit = 2};
      for (int pair = 0; pair < settings.pairs; ++pair) {
        claim.ours.push_back(trips_of(act));
        claim.values.push_back(claim.ours.back() - own);
      }
      claim.floor = std::vector<double>(claim.ours.size(), own);
      claim.floor_name = "BEGIN and COMMIT";
      claims.push_back(std::move(claim));
    };
    add("everything", [&] { roll.unsubscribe(address_of(next++), mailroll::everything); });
    add("a topic", [&] { roll.unsubscribe(address_of(next++), mailroll::TopicRef(topic_name)); });
  }
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "server_trips_" + server->engine(), claims);
  std::filesystem::remove_all(folder);
}
