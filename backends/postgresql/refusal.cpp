#include "postgresql/refusal.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

#include <libpq-fe.h>
#include <poll.h>

namespace mailroll::detail {
namespace {

constexpr std::chrono::milliseconds patience(2000);
constexpr std::size_t state_size = 5;

/// Whether the socket became ready for what libpq wants next.
bool wait(PGconn* connection, PostgresPollingStatusType wanted, std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd socket{PQsocket(connection), static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
  return left.count() > 0 && ::poll(&socket, 1, static_cast<int>(left.count())) > 0;
}

/// Whether it is TLS or nothing.
bool asks_for_tls(PGconn* connection) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfo(connection), &PQconninfoFree);
  for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) != "sslmode" || option->val == nullptr) continue;
    const std::string_view mode = option->val;
    return mode == "require" || mode.starts_with("verify-");
  }
  return false;
}

}  // namespace

Refusal refusal_of(const std::string& settings) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStart(settings.c_str()), &PQfinish);
  if (connection == nullptr) return {};
  PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
  const auto until = std::chrono::steady_clock::now() + patience;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  bool in_tls = false;
  while (status == PGRES_POLLING_WRITING || status == PGRES_POLLING_READING) {
    if (PQstatus(connection.get()) == CONNECTION_BAD || !wait(connection.get(), status, until)) return {};
    in_tls = PQstatus(connection.get()) == CONNECTION_SSL_STARTUP;
    status = PQconnectPoll(connection.get());
  }
  if (status != PGRES_POLLING_FAILED) return {};
  if (in_tls && asks_for_tls(connection.get())) return {{}, true};
  std::string_view text = PQerrorMessage(connection.get());
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() <= state_size || text[text.size() - state_size - 1] != ' ') return {};
  const std::string_view state = text.substr(text.size() - state_size);
  const auto belongs = [](char letter) { return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z'); };
  return {std::ranges::all_of(state, belongs) ? std::string(state) : std::string()};
}

}  // namespace mailroll::detail
