/// Claim, on a server whose address (of scripts/servers urls --admin) is the last word: listing whom a filter on two properties
/// means among 1,000,000 contacts takes at most 1.2 times as long as the statement that one would write by hand, read as it comes.
#include <fstream>
#include <stdexcept>

#include <mailroll/mailroll.hpp>

#include "bare_server.hpp"
#include "data.hpp"
#include "pairs.hpp"

namespace {

using namespace mailroll::benchmark;

/// Two properties in the words of a filter and of a server.
struct Asked {
  const char* name;
  const char* filter;
  const char* postgresql;
  const char* mysql;
};

constexpr Asked text_and_number{
    "list by a filter on a text and a number", "plan = 'pro' and visits > 30",
    "c.properties::jsonb ->> 'plan' = 'pro' AND (c.properties::jsonb ->> 'visits')::float8 > 30",
    "JSON_VALUE(c.properties, '$.plan') = 'pro' AND JSON_VALUE(c.properties, '$.visits') > 30"};
constexpr Asked two_numbers{
    "list by a filter on two numbers", "visits > 30 and score < 0.5",
    "(c.properties::jsonb ->> 'visits')::float8 > 30 AND (c.properties::jsonb ->> 'score')::float8 < 0.5",
    "JSON_VALUE(c.properties, '$.visits') > 30 AND JSON_VALUE(c.properties, '$.score') < 0.5"};

std::filesystem::path people_file(const std::filesystem::path& folder, std::uint64_t rows) {
  std::filesystem::create_directories(folder);
  std::filesystem::path path = folder / ("properties_" + std::to_string(rows) + ".csv");
  if (std::filesystem::exists(path)) return path;
  const std::filesystem::path part = path.string() + ".part";
  std::ofstream file(part, std::ios::binary);
  file << "email,first_name,plan,visits,score,city\n";
  for (std::uint64_t n = 0; n < rows; ++n) {
    file << address_of(n) << ",Ada," << (n % 3 == 0 ? "pro" : "free") << ',' << n * 7 % 100 << ",0." << n * 13 % 997
         << ",Berlin\n";
  }
  if (!file.flush()) throw std::runtime_error("cannot write " + part.string());
  std::filesystem::rename(part, path);
  return path;
}

ListSize read(const mailroll::Audience& audience) {
  ListSize size;
  for (const mailroll::Recipient& person : audience) {
    ++size.people;
    size.bytes += person.email.size() + person.first_name.size() + person.last_name.size();
  }
  return size;
}

std::string statement_of(const BareServer& server, const Asked& asked) {
  return std::string(
             "SELECT c.contact_id, c.email, coalesce(c.first_name, ''), coalesce(c.last_name, '')"
             " FROM contacts c LEFT JOIN standings s ON s.team_id = c.team_id AND s.contact_id = c.contact_id"
             " WHERE c.team_id = 1 AND coalesce(s.erased, 0) = 0 AND coalesce(s.suppressions, 0) = 0"
             " AND coalesce(s.said, 0) <> 2 AND ") +
         (server.engine() == "PostgreSQL" ? asked.postgresql : asked.mysql) + " ORDER BY c.contact_id";
}

}  // namespace

int main(int argc, char** argv) {
  const Settings settings = read_settings(argc, argv, "Filters of a server beside statements by hand.", {1'000'000});
  const std::unique_ptr<BareServer> server = BareServer::at(settings.others);
  const ServerDatabase database(*server, "mailroll_benchmark");
  mailroll::Roll roll = mailroll::open(database.store());
  roll.properties().define("visits", mailroll::PropertyType::number);
  roll.properties().define("score", mailroll::PropertyType::number);
  roll.contacts().import_file(people_file(settings.folder, settings.rows.front())).apply();
  server->settle();
  std::vector<Claim> claims;
  for (const Asked& asked : {text_and_number, two_numbers}) {
    roll.segments().create(asked.name, asked.filter);
    const mailroll::Audience audience = roll.audience(std::string("\"") + asked.name + "\"", mailroll::no_topic);
    const std::string statement = statement_of(*server, asked);
    const ListSize expected = server->read(database.name(), statement);
    const auto seconds_for = [&](const auto& list) {
      ListSize size;
      const double seconds = seconds_of([&] { size = list(); });
      if (size != expected || size.people == 0) throw std::runtime_error("a list is not whole");
      return seconds;
    };
    claims.push_back(run_pairs(
        server->engine() + ": " + asked.name, settings.pairs,
        [&] { return seconds_for([&] { return read(audience); }); }, "one statement by hand, read as it comes (s)",
        [&] { return seconds_for([&] { return server->read(database.name(), statement); }); }));
    claims.back().limit = 1.2;
  }
  for (const Claim& claim : claims) print(claim);
  write_json(settings, "server_filter_" + server->engine(), claims);
}
