#include "bare_server.hpp"

#include <cstdio>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

namespace mailroll::benchmark {

std::unique_ptr<BareServer> BareServer::at(const std::string& url) {
  if (url.starts_with("postgresql:")) return bare_postgresql(url);
  if (url.starts_with("mysql:")) return bare_mysql(url);
  throw std::runtime_error("no server: say an address that scripts/servers urls --admin prints");
}

std::string BareServer::store(const std::string& database) const {
  const auto end = url_.find('?');
  return url_.substr(0, url_.rfind('/', end) + 1) + database + url_.substr(end);
}

void BareServer::make(const std::string& database) {
  remove(database);
  make_empty(database);
  open(store(database));
}

std::string BareServer::part(const std::string& before, const std::string& after) const {
  const auto begin = url_.find(before);
  if (begin == std::string::npos) throw std::runtime_error("the address of the server has no " + before);
  const auto from = begin + before.size();
  return url_.substr(from, url_.find(after, from) - from);
}

void BareServer::run_shell(const std::string& command, const std::string& text) {
  FILE* shell = ::popen(command.c_str(), "w");
  if (shell == nullptr) throw std::runtime_error("cannot start the server's shell");
  std::fputs(text.c_str(), shell);
  if (::pclose(shell) != 0) throw std::runtime_error("the server's shell failed: " + command);
}

}  // namespace mailroll::benchmark
