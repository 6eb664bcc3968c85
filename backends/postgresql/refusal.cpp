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

}  // namespace

std::string refusal_of(const std::string& settings) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStart(settings.c_str()), &PQfinish);
  if (connection == nullptr) return {};
  PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
  const auto until = std::chrono::steady_clock::now() + patience;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status == PGRES_POLLING_WRITING || status == PGRES_POLLING_READING) {
    if (PQstatus(connection.get()) == CONNECTION_BAD || !wait(connection.get(), status, until)) return {};
    status = PQconnectPoll(connection.get());
  }
  if (status != PGRES_POLLING_FAILED) return {};
  std::string_view text = PQerrorMessage(connection.get());
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() <= state_size || text[text.size() - state_size - 1] != ' ') return {};
  const std::string_view state = text.substr(text.size() - state_size);
  const auto belongs = [](char letter) { return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z'); };
  return std::ranges::all_of(state, belongs) ? std::string(state) : std::string();
}

}  // namespace mailroll::detail
