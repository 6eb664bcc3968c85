/// Two stores and what they hold, for tests of copying.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "backends/some_people.hpp"
#include "backends/temporary_folder.hpp"
#include "conformance/shown.hpp"
#include "mailroll/error.hpp"
#include "mailroll/store/registry.hpp"
#include "mailroll/transfer/copy.hpp"

namespace mailroll::test {

using conformance::shown;

/// Everything that a store holds, as one text; but the runs of copies, which tell the target from the source.
inline std::string shown_store(Store& store) {
  const std::unique_ptr<Session> session = store.connect();
  std::string text = "teams " + shown(session->teams()) + "\nkeys " + shown(session->keys());
  for (const Team& team : session->teams()) {
    std::vector<Run> runs = session->runs(team.number);
    std::erase_if(runs, [](const Run& run) { return run.kind == "copy"; });
    text.append("\nruns ")
        .append(shown(runs))
        .append("\n")
        .append(conformance::team_without_runs(*session, team.number));
  }
  return text;
}
inline std::string shown_store(const std::string& url) { return shown_store(*open_store(url)); }

/// How many copies have not ended, over all teams.
inline int open_copies(Store& store) {
  const std::unique_ptr<Session> session = store.connect();
  int open = 0;
  for (const Team& team : session->teams()) {
    for (const Run& run : session->runs(team.number)) open += run.kind == "copy" && !run.finished_at ? 1 : 0;
  }
  return open;
}

/// The reason of the error that `work` ends with; "" where there is none.
template <typename Work>
std::string reason_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return std::string(to_string(error.kind())) + ":" + error.reason();
  }
  return "";
}

/// A store with one team and so many people, each with an event, so that a copy takes a chunk for every 1000.
inline void fill(Store& store, int people) {
  const std::unique_ptr<Session> session = store.connect();
  session->begin_write();
  const Team team = session->add_team(contact_id(1'000'000), "default", {});
  for (const KeyKind kind : {KeyKind::hash, KeyKind::link}) {
    const KeySecret secret = make_key_secret();
    session->put_key({kind, 1, KeyState::signing, fingerprint(secret), secret, {}, {}});
  }
  const SegmentNumber segment{session->take_numbers(team.number, 1)};
  session->put_segment(team.number, {SegmentId(contact_id(1'000'001)), segment, "VIP", {}, {}});
  session->write(team.number, some_people(1, people));
  session->commit();
}

inline constexpr TeamNumber first_team{1};

}  // namespace mailroll::test
