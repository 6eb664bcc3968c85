#include "mysql/mysql_place.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <string_view>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

constexpr std::string_view scheme = "mysql://";
// libmariadb would wait for ever for a host that drops what it is sent.
constexpr std::string_view usual_connect_timeout = "10";

[[noreturn]] void refuse(const std::string& why) {
  throw Error(
      ErrorKind::invalid,
      "not the address of a MySQL database: " + why +
          "; write mysql://HOST:3306/DATABASE, with a user and password before the host, %XX for what is special in "
          "them, and options such as ?ssl_mode=verify_identity or ?unix_socket=/run/mysqld/mysqld.sock behind it",
      {{"reason", "address_of_store"}});
}

std::string decoded(std::string_view part) {
  std::string text;
  text.reserve(part.size());
  for (std::size_t at = 0; at < part.size(); ++at) {
    if (part[at] != '%') {
      text += part[at];
      continue;
    }
    unsigned value = 0;
    const char* digits = part.data() + at + 1;
    if (at + 2 >= part.size() || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2 || value == 0) {
      refuse("a % in it is not followed by two hexadecimal digits");
    }
    text += static_cast<char>(value);
    at += 2;
  }
  return text;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 7 && text != "0" &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::map<std::string, std::string, std::less<>> options_of(std::string_view query) {
  std::map<std::string, std::string, std::less<>> options;
  while (!query.empty()) {
    const std::string_view option = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), option.size() + 1));
    const auto equals = option.find('=');
    if (equals == std::string_view::npos) refuse("an option has no value");
    options[decoded(option.substr(0, equals))] = decoded(option.substr(equals + 1));
  }
  return options;
}

/// name='value' for SOCI.
void add(std::string& connection, std::string_view name, std::string_view value) {
  connection.append(name).append("='");
  for (const char letter : value) {
    if (letter == '\'' || letter == '\\') connection += '\\';
    connection += letter;
  }
  connection += "' ";
}

std::string for_libmariadb(const std::string& value) {
  if (value.find_first_of("{};") != std::string::npos)
    refuse("beside ssl_mode, host and files have none of { } ; in their names");
  return value;
}

struct Tls {
  bool wanted = false;
  std::string options;  ///< name=value;... for libmariadb
};

/// Takes the options out that are about it. SOCI hands on only some of them; but libmariadb takes all in place of the host.
Tls tls_of(std::map<std::string, std::string, std::less<>>& options) {
  const auto take = [&](const char* name) {
    const auto found = options.find(name);
    if (found == options.end()) return std::string();
    std::string value = for_libmariadb(found->second);
    options.erase(found);
    return value;
  };
  const std::string ca = take("ssl_ca");
  const std::string certificate = take("ssl_cert");
  const std::string key = take("ssl_key");
  std::string mode = take("ssl_mode");
  std::ranges::transform(mode, mode.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (mode.empty()) mode = !ca.empty() ? "verify_identity" : !certificate.empty() ? "required" : "disabled";
  if (mode == "disabled") return {};
  if (mode != "required" && mode != "verify_ca" && mode != "verify_identity") {
    refuse("ssl_mode is disabled, required, verify_ca or verify_identity");
  }
  Tls tls{true, "ssl-enforce=1;"};
  if (mode != "required") tls.options += "ssl-verify-server-cert=1;";
  if (!ca.empty()) tls.options.append("ssl-ca=").append(ca).append(";");
  if (!certificate.empty()) tls.options.append("ssl-cert=").append(certificate).append(";");
  if (!key.empty()) tls.options.append("ssl-key=").append(key).append(";");
  return tls;
}

}  // namespace

MysqlPlace mysql_place_of(const std::string& address) {
  std::string_view rest = std::string_view(address).substr(scheme.size());
  const auto host_end = rest.find_first_of("/?");
  if (host_end != std::string_view::npos && rest.find('@', host_end) != std::string_view::npos) {
    refuse("an @ stands behind the host; in a user's name or password write %40 for it, %2F for / and %3F for ?");
  }
  const auto query = rest.find('?');
  auto options = options_of(query == std::string_view::npos ? std::string_view() : rest.substr(query + 1));
  rest = rest.substr(0, query);

  const auto slash = rest.find('/');
  const std::string_view shown_database = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  const std::string database = decoded(shown_database);
  if (database.empty()) refuse("it names no database");
  std::string_view authority = rest.substr(0, slash);
  std::string connection;
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view who = authority.substr(0, at);
    const auto colon = who.find(':');
    add(connection, "user", decoded(who.substr(0, colon)));
    if (colon != std::string_view::npos) add(connection, "password", decoded(who.substr(colon + 1)));
    authority.remove_prefix(at + 1);
  }
  const std::string_view shown_host = authority;
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (!is_number(port)) refuse("the port is no number");
    add(connection, "port", port);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  const std::string host = authority.empty() ? "localhost" : decoded(authority);

  const Tls tls = tls_of(options);
  add(connection, "host", tls.wanted ? "host=" + for_libmariadb(host) + ";" + tls.options : host);
  add(connection, "db", database);
  add(connection, "charset", "utf8mb4");
  add(connection, "local_infile", "1");
  options.emplace("connect_timeout", usual_connect_timeout);
  for (const auto& [option, value] : options) {
    if (option == "connect_timeout" || option == "read_timeout" || option == "write_timeout") {
      if (!is_number(value)) refuse(option + " is no number of seconds");
    } else if (option != "unix_socket") {
      refuse(
          "it has another option than unix_socket, connect_timeout, read_timeout, write_timeout, ssl_mode, ssl_ca, "
          "ssl_cert, ssl_key");
    }
    add(connection, option, value);
  }
  std::string name(scheme);
  name.append(shown_host).append("/").append(shown_database);
  if (const auto socket = options.find("unix_socket"); socket != options.end())
    name += "?unix_socket=" + socket->second;
  return {connection, tls.wanted, name};
}

}  // namespace mailroll::detail
