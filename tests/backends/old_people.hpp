/// People in a store, and the first schema, in which a test then puts the same people: what an upgrade is tried on.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"
#include "source_folder.hpp"

namespace mailroll::test {

/// A dialect's words in place of those of our migrations, e.g. {"{id}", "BLOB"}; written down here once more, since what was
/// released does not change with the dialects.
using Words = std::vector<std::pair<std::string, std::string>>;

inline std::string migration(const std::string& name, const Words& words) {
  std::ifstream file(tests::source_folder() / "backends/sql/migrations" / name);
  std::ostringstream read;
  read << file.rdbuf();
  std::string text = read.str();
  for (const auto& [what, with] : words) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) text.replace(at, what.size(), with);
  }
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

inline const std::vector<std::string> tables_kept = {"teams",          "properties",  "sources", "contacts",
                                                     "standings",      "memberships", "choices", "suppressions",
                                                     "consent_events", "aliases"};

/// Puts the people of the store whose tables are called `from` + name into tables of the first schema, called `to` + name.
inline std::vector<std::string> statements_that_copy(const std::string& from, const std::string& to) {
  std::vector<std::string> statements = {"INSERT INTO " + to + "schema_version VALUES (0, 1, 1700000000000000)"};
  for (const std::string& table : tables_kept) {
    statements.push_back("INSERT INTO " + to + table + " SELECT * FROM " + from + table);
  }
  statements.push_back("INSERT INTO " + to + "segments SELECT team_id, number, id, name, created_at, updated_at FROM " +
                       from + "segments");
  statements.push_back("INSERT INTO " + to +
                       "topics SELECT team_id, number, id, name, description, default_subscription, visibility, "
                       "created_at, updated_at FROM " +
                       from + "topics");
  statements.push_back("INSERT INTO " + to + "hash_keys SELECT team_id, key_id, fingerprint, secret, created_at FROM " +
                       from + "key_ring WHERE kind = 1");
  return statements;
}

/// What people would notice.
inline std::string everybody(const Roll& roll) {
  std::ostringstream text;
  for (const Contact& contact : roll.contacts().list({}, 1000)) {
    text << to_string(contact.id) << ' ' << contact.first_name << ' ' << contact.properties.json();
    for (const Segment& segment : roll.contacts().show(contact).segments) text << " in " << segment.name;
    text << ' ' << roll.events().list(contact).size();
  }
  for (const char* who : {"ann@example.org", "bob@example.org", "cy@example.org", "dee@example.org", "old-7"}) {
    for (const Topic& topic : roll.topics().list()) {
      text << '\n' << topic.name << ' ' << to_string(roll.explain(who, topic).reason);
    }
    text << ' ' << to_string(roll.explain(who, no_topic).reason);
  }
  for (const Suppression& suppression : roll.suppressions().list({}, 1000)) {
    text << '\n' << to_string(suppression.contact) << ' ' << to_string(suppression.reason) << ' ' << suppression.email;
  }
  return text.str();
}

struct MadePeople {
  std::string seen;  ///< everybody()
  std::string fingerprint;
};

/// Four people in a new store.
inline MadePeople make_people(const std::string& address) {
  MadePeople made;
  Roll roll = open(address, {.actor = Actor::operator_});
  roll.properties().define("plan", PropertyType::string);
  roll.segments().create("VIP");
  roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.topics().create({.name = "Offers"});
  roll.contacts().add(
      {.email = "ann@example.org", .first_name = "Ann", .properties = {{"plan", "pro"}}, .segments = {"VIP"}});
  for (const char* email : {"bob@example.org", "cy@example.org", "dee@example.org"})
    roll.contacts().add({.email = email});
  roll.subscribe("ann@example.org", "Offers", {.evidence = {.form = "footer"}});
  roll.unsubscribe("bob@example.org", everything, {.by = Actor::person, .evidence = {.note = "phoned"}});
  roll.unsubscribe("cy@example.org", "News");
  roll.suppressions().add("dee@example.org", SuppressionReason::bounce);
  const auto session = open_store(address)->connect();
  ChangeSet changes;
  changes.aliases.push_back({"old-7", roll.contacts().get("bob@example.org").id});
  session->write(roll.team().number, changes);
  made.seen = everybody(roll);
  for (const StoredKey& key : session->keys()) {
    if (key.kind == KeyKind::hash) made.fingerprint = key.fingerprint;
  }
  return made;
}

}  // namespace mailroll::test
