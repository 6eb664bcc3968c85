// Teams, keys, settings and runs of sql/definitions.hpp.
#include <algorithm>
#include <tuple>

#include <soci/soci.h>

#include "mailroll/error.hpp"
#include "sql/definitions.hpp"
#include "sql/rows.hpp"
#include "sql/statements/key_ring_sql.hpp"
#include "sql/statements/runs_sql.hpp"
#include "sql/statements/settings_sql.hpp"
#include "sql/statements/teams_sql.hpp"

namespace mailroll::detail {
namespace {

void read_runs(soci::session& session, const std::string& statement, int team, std::vector<Run>& out) {
  std::string id;
  Run run;
  long long started = 0;
  long long finished = 0;
  soci::indicator is_finished = soci::i_null;
  soci::statement rows =
      (session.prepare << statement, soci::use(team, "team_id"), soci::into(id), soci::into(run.kind),
       soci::into(run.source), soci::into(started), soci::into(finished, is_finished));
  rows.execute();
  while (rows.fetch()) {
    run.id = RunId(uuid_of(id));
    run.started_at = time_of(started);
    run.finished_at.reset();
    if (is_finished == soci::i_ok) run.finished_at = time_of(finished);
    out.push_back(run);
  }
}

}  // namespace

std::vector<Team> Definitions::teams() {
  std::vector<Team> found;
  int number = 0;
  std::string id;
  std::string name;
  long long created = 0;
  soci::statement rows = (session_.prepare << dialect_.text(sql::select_teams), soci::into(number), soci::into(id),
                          soci::into(name), soci::into(created));
  rows.execute();
  while (rows.fetch()) found.push_back({TeamNumber{number}, uuid_of(id), name, time_of(created)});
  return found;
}

Team Definitions::add_team(const Uuid& id, std::string_view name, Time at) {
  int highest = 0;
  for (const Team& team : teams()) {
    if (team.name == name) throw Error(ErrorKind::conflict, "there is a team of that name already");
    highest = std::max(highest, number_of(team.number));
  }
  const int number = highest + 1;
  const std::string id_bytes = soci_id(dialect_, id);
  const std::string name_text(name);
  const long long created = microseconds(at);
  session_ << dialect_.text(sql::insert_team), soci::use(number, "team_id"), soci::use(id_bytes, "id"),
      soci::use(name_text, "name"), soci::use(created, "created_at");
  return {TeamNumber{number}, id, name_text, at};
}

std::int32_t Definitions::take_numbers(TeamNumber team, std::int32_t count) {
  const int team_id = number_of(team);
  for (;;) {
    int first = 0;
    session_ << dialect_.text(sql::select_next_number), soci::use(team_id, "team_id"), soci::into(first);
    if (!session_.got_data()) throw Error(ErrorKind::not_found, "there is no such team");
    const int next = first + count;
    soci::statement taking = (session_.prepare << dialect_.text(sql::update_next_number), soci::use(next, "next"),
                              soci::use(team_id, "team_id"), soci::use(first, "first"));
    taking.execute(true);
    if (taking.get_affected_rows() == 1) return first;
  }
}

void Definitions::put_key(const StoredKey& key) {
  const int kind = static_cast<int>(key.kind);
  const int state = static_cast<int>(key.state);
  std::string secret;
  soci::indicator has_secret = soci::i_null;
  if (key.secret) {
    secret = soci_bytes(dialect_, *key.secret);
    has_secret = soci::i_ok;
  }
  const long long created = microseconds(key.created_at);
  const long long changed = key.changed_at ? microseconds(*key.changed_at) : 0;
  soci::indicator has_changed = key.changed_at ? soci::i_ok : soci::i_null;
  session_ << dialect_.text(sql::upsert_key), soci::use(kind, "kind"), soci::use(key.id, "key_id"),
      soci::use(state, "state"), soci::use(key.fingerprint, "fingerprint"), soci::use(secret, has_secret, "secret"),
      soci::use(created, "created_at"), soci::use(changed, has_changed, "changed_at");
}

std::map<std::string, std::string> Definitions::settings(TeamNumber team) {
  std::map<std::string, std::string> found;
  const int team_id = number_of(team);
  std::string name;
  std::string value;
  soci::statement rows = (session_.prepare << dialect_.text(sql::select_settings), soci::use(team_id, "team_id"),
                          soci::into(name), soci::into(value));
  rows.execute();
  while (rows.fetch()) found[name] = value;
  return found;
}

void Definitions::put_setting(TeamNumber team, std::string_view name, const std::optional<std::string>& value) {
  const int team_id = number_of(team);
  const std::string name_text(name);
  if (value) {
    session_ << dialect_.text(sql::upsert_setting), soci::use(team_id, "team_id"), soci::use(name_text, "name"),
        soci::use(*value, "value");
  } else {
    session_ << dialect_.text(sql::delete_setting), soci::use(team_id, "team_id"), soci::use(name_text, "name");
  }
}

std::vector<Run> Definitions::runs(TeamNumber team) {
  std::vector<Run> found;
  read_runs(session_, dialect_.text(sql::select_open_runs), number_of(team), found);
  read_runs(session_, dialect_.text(sql::select_finished_runs), number_of(team), found);
  std::sort(found.begin(), found.end(),
            [](const Run& a, const Run& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return found;
}

void Definitions::put_run(TeamNumber team, const Run& run) {
  const int team_id = number_of(team);
  const std::string id = soci_id(dialect_, run.id);
  const long long started = microseconds(run.started_at);
  const long long finished = run.finished_at ? microseconds(*run.finished_at) : 0;
  soci::indicator is_finished = run.finished_at ? soci::i_ok : soci::i_null;
  session_ << dialect_.text(sql::upsert_run), soci::use(team_id, "team_id"), soci::use(id, "run_id"),
      soci::use(run.kind, "kind"), soci::use(run.source, "source"), soci::use(started, "started_at"),
      soci::use(finished, is_finished, "finished_at");
}

}  // namespace mailroll::detail
