#include "bare_server.hpp"

#include <cstdio>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

namespace mailroll::benchmark {

std::unique_ptr<BareServer> BareServer::at(const std::vector<std::string>& words) {
  const std::string url = words.size() == 1 ? words.front() : "";
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

std::string BareServer::list_statement(const std::function<std::string(const std::string&)>& value,
                                       const std::string& segment, const std::string& topic, const std::string& now) {
  const std::string team = value("SELECT team_id FROM teams WHERE name = 'default'");
  const std::string segment_number = value("SELECT number FROM segments WHERE name = '" + segment + "'");
  const std::string topic_number = value("SELECT number FROM topics WHERE name = '" + topic + "'");
  return "SELECT m.contact_id, c.email, c.first_name, c.last_name"
         " FROM memberships m"
         " JOIN contacts c ON c.team_id = m.team_id AND c.contact_id = m.contact_id"
         " LEFT JOIN standings s ON s.team_id = m.team_id AND s.contact_id = m.contact_id"
         " LEFT JOIN choices h ON h.team_id = m.team_id AND h.contact_id = m.contact_id AND h.topic = " +
         topic_number + " WHERE m.team_id = " + team + " AND m.segment = " + segment_number +
         " AND coalesce(s.erased, 0) = 0 AND coalesce(s.suppressions, 0) = 0"
         " AND coalesce(s.said, 0) NOT IN (2, 3) AND coalesce(h.said, 0) = 1"
         " AND (h.valid_until IS NULL OR h.valid_until > " +
         now + ") ORDER BY m.contact_id";
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
