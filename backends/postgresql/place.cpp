#include "postgresql/place.hpp"

#include <cstdlib>
#include <memory>
#include <string_view>

#include <libpq-fe.h>

#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::detail {
namespace {

void add_setting(std::string& settings, std::string_view key, std::string_view value) {
  if (!settings.empty()) settings += ' ';
  settings.append(key).append("='");
  for (const char letter : value) {
    if (letter == '\'' || letter == '\\') settings += '\\';
    settings += letter;
  }
  settings += '\'';
}

}  // namespace

PostgresqlPlace postgresql_place(const std::string& address) {
  char* refusal = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconninfoParse(address.c_str(), &refusal),
                                                                             &PQconninfoFree);
  PQfreemem(refusal);  // it repeats what it did not understand
  if (!options) {
    throw Error(
        ErrorKind::invalid,
        "not the address of a PostgreSQL database; write postgresql://HOST:5432/DATABASE, with a user and password "
        "before "
        "the host, %XX for what is special in them, and options such as ?sslmode=require or ?host=/run/postgresql "
        "behind it",
        {{"reason", "address_of_store"}});
  }
  PostgresqlPlace place;
  place.name = without_password(address);
  bool patient = std::getenv("PGCONNECT_TIMEOUT") != nullptr;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "client_encoding") continue;
    add_setting(place.settings, option->keyword, option->val);
    if (std::string_view(option->keyword) == "connect_timeout") patient = true;
  }
  add_setting(place.settings, "client_encoding", "UTF8");
  add_setting(place.settings, "fallback_application_name", "mailroll");
  if (!patient) add_setting(place.settings, "connect_timeout", "10");
  return place;
}

}  // namespace mailroll::detail
