// Keys: rotation loses nobody, and what a person said holds under every key.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "keys_world.hpp"
#include "mailroll/mailroll.hpp"

namespace mailroll::testing {
namespace {

PermissionOptions by_phone() {
  PermissionOptions options{.by = Actor::person};
  options.evidence.note = "phoned";
  return options;
}

class KeysTest : public KeysWorld, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override { use(GetParam()); }
};

TEST_P(KeysTest, a_store_begins_with_a_key_of_each_kind_that_signs) {
  Roll roll = open_roll();
  const std::vector<KeyInfo> keys = roll.keys().list();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].kind, KeyKind::hash);
  EXPECT_EQ(keys[1].kind, KeyKind::link);
  for (const KeyInfo& key : keys) {
    EXPECT_EQ(key.id, 1);
    EXPECT_EQ(key.state, KeyState::signing);
    EXPECT_TRUE(key.in_store);
    EXPECT_TRUE(key.given);
    EXPECT_EQ(key.fingerprint.size(), 16U);
  }
  EXPECT_NE(keys[0].fingerprint, keys[1].fingerprint);
}

TEST_P(KeysTest, a_new_key_signs_and_the_one_before_is_retired) {
  Roll roll = open_roll();
  roll.contacts().add({.email = "ada@example.com"});
  for (const KeyKind kind : {KeyKind::hash, KeyKind::link}) {
    const KeyInfo added = roll.keys().add(kind);
    EXPECT_EQ(added.id, 2);
    EXPECT_EQ(added.state, KeyState::signing);
  }
  const std::vector<KeyInfo> keys = roll.keys().list();
  ASSERT_EQ(keys.size(), 4U);
  EXPECT_EQ(keys[0].state, KeyState::retired);
  EXPECT_EQ(keys[0].people, 1U);
  EXPECT_EQ(keys[0].changed_at, now());
  EXPECT_EQ(keys[1].state, KeyState::signing);
  EXPECT_EQ(keys[1].people, 0U);
  EXPECT_NE(keys[1].fingerprint, keys[0].fingerprint);
  EXPECT_EQ(keys[2].state, KeyState::retired);
  EXPECT_EQ(keys[3].state, KeyState::signing);
}

TEST_P(KeysTest, the_only_key_that_signs_stays) {
  Roll roll = open_roll();
  Keys keys = roll.keys();
  EXPECT_EQ(reason_of([&] { keys.retire(KeyKind::hash, 1); }), "refused:only_key");
  EXPECT_EQ(reason_of([&] { keys.retire(KeyKind::link, 1); }), "refused:only_key");
  EXPECT_EQ(reason_of([&] { keys.revoke(KeyKind::link, 1); }), "refused:only_key");
  keys.add(KeyKind::link);
  EXPECT_EQ(reason_of([&] { keys.retire(KeyKind::link, 2); }), "refused:only_key");
  EXPECT_EQ(keys.retire(KeyKind::link, 1).state, KeyState::retired) << "nothing to do is no error";
  EXPECT_EQ(keys.revoke(KeyKind::link, 1).state, KeyState::revoked);
  EXPECT_EQ(keys.retire(KeyKind::link, 1).state, KeyState::revoked) << "a leaked key is not believed again";
}

TEST_P(KeysTest, a_hash_key_cannot_be_revoked) {
  Roll roll = open_roll();
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(reason_of([&] { roll.keys().revoke(KeyKind::hash, 1); }), "refused:hash_key");
  EXPECT_EQ(reason_of([&] { roll.keys().revoke(KeyKind::link, 7); }), "not_found:key_not_found");
  EXPECT_EQ(reason_of([&] { roll.keys().retire(KeyKind::hash, 7); }), "not_found:key_not_found");
}

TEST_P(KeysTest, a_revoked_keys_secret_is_forgotten) {
  Roll roll = open_roll();
  roll.keys().add(KeyKind::link);
  const KeyInfo revoked = roll.keys().revoke(KeyKind::link, 1);
  EXPECT_FALSE(revoked.in_store);
  EXPECT_FALSE(revoked.given);
  EXPECT_EQ(revoked.changed_at, now());
}

TEST_P(KeysTest, a_token_has_room_for_255_link_keys) {
  Roll roll = open_roll();
  for (int id = 2; id <= 255; ++id) ASSERT_EQ(roll.keys().add(KeyKind::link).id, id);
  EXPECT_EQ(reason_of([&] { roll.keys().add(KeyKind::link); }), "refused:too_many_keys");
}

TEST_P(KeysTest, whoever_is_under_a_retired_key_is_found_where_they_are) {
  Roll roll = open_roll();
  const Contact ada = roll.contacts().add({.email = "ada@example.com"});
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  roll.unsubscribe("ada@example.com", news);
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(roll.contacts().get("Ada@Example.com").id, ada.id) << "reading moves nobody";
  EXPECT_EQ(roll.contacts().get(ada.id).id, ada.id);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.events().list("ada@example.com").size(), 1U);
  EXPECT_EQ(roll.keys().list()[0].people, 1U);
}

TEST_P(KeysTest, a_change_moves_whoever_is_under_a_retired_key_to_the_key_that_signs) {
  Roll roll = open_roll();
  const Segment all = roll.segments().create("All");
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  const Contact before = roll.contacts().add({.email = "ada@example.com", .first_name = "Ada", .segments = {all}});
  roll.unsubscribe("ada@example.com", news);
  roll.keys().add(KeyKind::hash);

  bool created = true;
  const Contact after = roll.contacts().add({.email = "ada@example.com", .last_name = "King"}, &created);
  EXPECT_FALSE(created);
  EXPECT_NE(after.id, before.id);
  EXPECT_EQ(after.hash_key, 2);
  EXPECT_EQ(after.first_name, "Ada");
  EXPECT_EQ(roll.contacts().get(before.id).id, after.id) << "the id from before still leads to her";
  EXPECT_EQ(roll.contacts().show("ada@example.com").segments.size(), 1U);
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.explain(before.id, news).reason, Reason::topic_opted_out);
  EXPECT_EQ(roll.audience(all, news).count().members, 1U);
  EXPECT_EQ(roll.usage().global, 1U);
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(KeysTest, every_verb_that_changes_a_person_by_address_moves_them) {
  Roll roll = open_roll();
  const Segment all = roll.segments().create("All");
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  const std::vector<std::function<void()>> verbs{
      [&] { roll.contacts().update("ada@example.com", {.first_name = "A"}); },
      [&] { EXPECT_EQ(roll.segments().add(all, {"ada@example.com"}), 1U); },
      [&] { EXPECT_EQ(roll.segments().add(all, {"ada@example.com"}), 0U); },
      [&] { EXPECT_EQ(roll.segments().take_out(all, {"ada@example.com"}), 1U); },
      [&] { roll.unsubscribe("ada@example.com", everything); },
      [&] { roll.resubscribe("ada@example.com", everything); },
      [&] { roll.subscribe("ada@example.com", news); },
      [&] { roll.unsubscribe("ada@example.com", news); },
      [&] { roll.suppressions().add("ada@example.com", SuppressionReason::bounce); },
      [&] { roll.suppressions().remove("ada@example.com"); },
      [&] { roll.contacts().remove("ada@example.com"); },
  };
  ContactId id = roll.contacts().add({.email = "ada@example.com"}).id;
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    pass_time();
    roll.keys().add(KeyKind::hash);
    verbs[i]();
    const Verdict now = roll.explain("ada@example.com", news);
    EXPECT_NE(now.id, id) << "verb " << i;
    EXPECT_EQ(roll.explain(id, news).id, now.id) << "verb " << i;
    id = now.id;
  }
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(KeysTest, an_opt_out_without_a_contact_holds_under_a_retired_key) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  roll.contacts().add({.email = "ada@example.com"});
  roll.suppressions().add("ada@example.com", SuppressionReason::complaint);
  roll.contacts().remove("ada@example.com");
  roll.keys().add(KeyKind::hash);
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(reason_of([&] { roll.subscribe("ada@example.com", news); }), "refused:person_opted_out");
  roll.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll.explain("ada@example.com", news).reason, Reason::suppressed_complaint);
  EXPECT_EQ(roll.suppressions().list({}, 10).size(), 1U);
  EXPECT_EQ(roll.keys().list()[2].people, 1U);
}

TEST_P(KeysTest, an_opt_out_under_a_retired_key_stops_an_import) {
  Roll roll = open_roll();
  const Topic news = roll.topics().create({.name = "News", .default_subscription = Subscription::opt_out});
  for (const char* who : {"gone", "left", "erst"}) {
    roll.contacts().add({.email = std::string(who) + "@example.com"});
    roll.unsubscribe(std::string(who) + "@example.com", everything, by_phone());
  }
  roll.contacts().remove("gone@example.com");
  roll.keys().add(KeyKind::hash);
  pass_time();
  const std::string file = write_file("in.csv", "email\ngone@example.com\nleft@example.com\nnew@example.com\n");
  ImportPlan plan = roll.contacts().import_file(file, {.topics = {"News"}});
  const ImportSummary planned = plan.summary();
  const ImportSummary done = plan.apply();
  EXPECT_EQ(planned.kept_opted_out, 2U);
  EXPECT_EQ(done.kept_opted_out, 2U);
  EXPECT_EQ(done.opt_ins, 1U);
  EXPECT_EQ(roll.explain("gone@example.com", news).reason, Reason::unsubscribed);
  EXPECT_EQ(roll.explain("left@example.com", news).reason, Reason::unsubscribed);
  EXPECT_EQ(roll.explain("erst@example.com", news).reason, Reason::unsubscribed);
  EXPECT_EQ(roll.explain("new@example.com", news).reason, Reason::topic_opted_in);
  EXPECT_EQ(roll.usage().global, 4U) << "nobody twice";
  EXPECT_TRUE(roll.check().ok());
}

TEST_P(KeysTest, a_statement_that_is_read_again_after_a_rekey_is_the_same_event) {
  Roll roll = open_roll();
  const std::string file = write_file("in.csv", "email,unsubscribed\nada@example.com,true\n");
  roll.contacts().import_file(file).apply();
  const std::vector<ConsentEvent> before = roll.events().list("ada@example.com");
  ASSERT_EQ(before.size(), 1U);
  for (int turn = 0; turn < 2; ++turn) {
    pass_time();
    roll.keys().add(KeyKind::hash);
    if (turn == 1) roll.keys().rekey();  // and once without: the import itself moves her
    EXPECT_EQ(roll.contacts().import_file(file).apply().by_verdict[static_cast<std::size_t>(RowVerdict::unchanged)],
              1U);
    const std::vector<ConsentEvent> after = roll.events().list("ada@example.com");
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].id, before[0].id);
    EXPECT_EQ(after[0].recorded_at, before[0].recorded_at);
  }
}

TEST_P(KeysTest, an_input_that_was_read_under_another_key_is_not_written) {
  Roll roll = open_roll();
  const std::string file = write_file("in.csv", "email\nada@example.com\n");
  ImportPlan plan = roll.contacts().import_file(file);
  roll.keys().add(KeyKind::hash);
  EXPECT_EQ(reason_of([&] { plan.apply(); }), "conflict:key_changed");
  EXPECT_EQ(roll.usage().global, 0U);
  roll.contacts().import_file(file).apply();
  EXPECT_EQ(roll.usage().global, 1U);
}

INSTANTIATE_TEST_SUITE_P(stores, KeysTest, ::testing::Values("memory", "sqlite"),
                         [](const auto& info) { return info.param; });

/// What needs a store that several processes open.
class LastingKeysTest : public KeysWorld {
 protected:
  void SetUp() override { use("sqlite"); }
};

TEST_F(LastingKeysTest, a_process_that_has_not_heard_of_a_new_key_makes_no_second_identity) {
  Roll old = open_roll();
  Roll fresh = open_roll();
  const Topic news = old.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  fresh.keys().add(KeyKind::hash);
  const Contact ada = fresh.contacts().add({.email = "ada@example.com"});
  fresh.unsubscribe("ada@example.com", news);
  EXPECT_EQ(old.contacts().add({.email = "ada@example.com"}).id, ada.id);
  EXPECT_EQ(old.explain("ada@example.com", news).reason, Reason::topic_opted_out);
  EXPECT_EQ(old.usage().global, 1U);
}

TEST_F(LastingKeysTest, a_process_that_has_not_heard_of_a_new_key_opts_out_whom_it_means) {
  Roll old = open_roll();
  Roll fresh = open_roll();
  const Topic news = old.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
  fresh.keys().add(KeyKind::hash);
  fresh.contacts().add({.email = "ada@example.com"});
  old.unsubscribe("ada@example.com", everything);
  EXPECT_EQ(fresh.explain("ada@example.com", news).reason, Reason::unsubscribed);
}

TEST_F(LastingKeysTest, a_process_that_has_not_heard_of_a_rekey_finds_everybody) {
  Roll old = open_roll();
  const Contact before = old.contacts().add({.email = "ada@example.com"});
  Roll fresh = open_roll();
  fresh.keys().add(KeyKind::hash);
  EXPECT_EQ(fresh.keys().rekey().moved, 1U);
  EXPECT_NE(old.contacts().get("ada@example.com").id, before.id);
  EXPECT_EQ(old.contacts().get(before.id).email, "ada@example.com");
}

TEST_F(LastingKeysTest, a_key_that_is_to_sign_is_first_given_outside_where_the_others_are) {
  const std::string first = "hash 1 " + std::string(64, 'a') + "\n";
  Roll roll = open_roll({.key_file = write_file("keys", first)});
  const ContactId before = roll.contacts().add({.email = "ada@example.com"}).id;
  EXPECT_EQ(reason_of([&] { roll.keys().add(KeyKind::hash); }), "invalid:key_missing");
  write_file("keys", first + "hash 2 " + std::string(64, 'a') + "\n");
  EXPECT_EQ(reason_of([&] { roll.keys().add(KeyKind::hash); }), "invalid:same_secret");
  write_file("keys", first + "hash 2 " + std::string(64, 'b') + "\n");
  const KeyInfo added = roll.keys().add(KeyKind::hash);
  EXPECT_EQ(added.id, 2);
  EXPECT_FALSE(added.in_store);
  EXPECT_TRUE(added.given);
  EXPECT_NE(roll.contacts().add({.email = "ada@example.com"}).id, before);
  EXPECT_EQ(roll.contacts().get(before).hash_key, 2);
}

TEST_F(LastingKeysTest, a_lost_retired_hash_key_is_named_at_open) {
  const std::string first = "hash 1 " + std::string(64, 'a') + "\n";
  const std::string second = "hash 2 " + std::string(64, 'b') + "\n";
  {
    Roll roll = open_roll({.key_file = write_file("keys", first)});
    roll.contacts().add({.email = "ada@example.com"});
    write_file("keys", first + second);
    roll.keys().add(KeyKind::hash);
  }
  try {
    open_roll({.key_file = write_file("other", second)});
    FAIL() << "whoever is under the first key could no longer be found";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), "lost_key");
    EXPECT_NE(std::string(error.what()).find("hash key (id 1)"), std::string::npos) << error.what();
  }
  EXPECT_EQ(open_roll({.key_file = path("keys")}).contacts().get("ada@example.com").hash_key, 1);
}

TEST_F(LastingKeysTest, a_lost_retired_link_key_is_told_and_nothing_else_stops) {
  const std::string first = "link 1 " + std::string(64, 'a') + "\n";
  const std::string second = "link 2 " + std::string(64, 'b') + "\n";
  {
    Roll roll = open_roll({.key_file = write_file("keys", first)});
    write_file("keys", first + second);
    EXPECT_EQ(roll.keys().add(KeyKind::link).id, 2);
  }
  std::string told;
  Roll roll = open_roll({.key_file = write_file("other", second), .log = [&](std::string_view line) { told = line; }});
  EXPECT_NE(told.find("link key 1"), std::string::npos) << told;
  const std::vector<KeyInfo> keys = roll.keys().list();
  EXPECT_FALSE(keys.at(1).given);
  EXPECT_TRUE(keys.at(2).given);
}

TEST_F(LastingKeysTest, keys_that_are_moved_out_are_in_the_file_and_no_longer_in_the_store) {
  {
    Roll roll = open_roll();
    roll.keys().add(KeyKind::hash);
    roll.contacts().add({.email = "ada@example.com"});
    EXPECT_EQ(roll.keys().move_out(path("keys")), 3U);
    for (const KeyInfo& key : roll.keys().list()) {
      EXPECT_FALSE(key.in_store);
      EXPECT_TRUE(key.given) << "who has them open goes on";
    }
    EXPECT_EQ(roll.contacts().get("ada@example.com").hash_key, 2);
    EXPECT_EQ(roll.keys().move_out(path("more")), 0U);
    EXPECT_FALSE(std::filesystem::exists(path("more")));
  }
  struct stat about {};
  ASSERT_EQ(::stat(path("keys").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(reason_of([&] { open_roll(); }), "storage:lost_key");
  EXPECT_EQ(open_roll({.key_file = path("keys")}).contacts().get("ada@example.com").hash_key, 2);
}

TEST_F(LastingKeysTest, moving_keys_out_overwrites_no_file_and_loses_no_key) {
  Roll roll = open_roll();
  const std::string there = write_file("keys", "mine\n");
  EXPECT_EQ(reason_of([&] { roll.keys().move_out(there); }), "conflict:file_exists");
  EXPECT_EQ(reason_of([&] { roll.keys().move_out(path("no/such/folder/keys")); }), "storage:failed");
  EXPECT_TRUE(roll.keys().list()[0].in_store);
  EXPECT_EQ(read_file(there), "mine\n");
}

}  // namespace
}  // namespace mailroll::testing
