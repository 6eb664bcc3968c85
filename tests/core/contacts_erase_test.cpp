// Erasure: nothing that tells of the person is left in any byte of the store, and whoever was erased stays so.
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "each_store.hpp"

namespace mailroll::testing {
namespace {

constexpr const char* names[] = {"roll.db", "roll.db-wal", "roll.db-shm", "roll.db-journal"};

class ContactsErase : public EachStore {
 protected:
  ContactsErase() {
    news_ = roll_.topics().create({.name = "News", .default_subscription = Subscription::opt_in});
    offers_ = roll_.topics().create({.name = "Offers"});
    roll_.segments().create("VIP");
    roll_.properties().define("city", PropertyType::string);
  }
  void TearDown() override { EXPECT_TRUE(roll_.check().ok()); }

  static PermissionOptions with_proof(const std::string& tag) {
    return {.override_reason = "letter of Quillfeather " + tag,
            .evidence = {.text_hash = {},
                         .form = "https://shop.example/" + tag,
                         .ip = "203.0.113.77",
                         .user_agent = "Xyzzybrowser/" + tag,
                         .locale = "tlh-" + tag,
                         .note = "met at the Plughcafe " + tag}};
  }

  /// A person with everything that can be held on one, under three addresses and several spellings.
  void make_quillfeather() {
    folder().write("old/A.csv", "email,id,first_name\nZenobia.Quillfeather@first.example,oldid-zq-17,Zenobia\n");
    roll_.migrate_audiences({folder().path() + "/old"}).apply();
    roll_.contacts().change_address("zenobia.quillfeather@first.example", "ZENOBIA.Quillfeather@first.example");
    roll_.contacts().add({.email = "zenobia.quillfeather@first.example",
                          .first_name = "Zenobia",
                          .last_name = "Quillfeather",
                          .properties = {{"city", "Ankhmorpork"}},
                          .segments = {"VIP"}});
    roll_.unsubscribe("zenobia.quillfeather@first.example", news_,
                      {.by = Actor::person, .evidence = with_proof("one").evidence});
    roll_.resubscribe("zenobia.quillfeather@first.example", news_, with_proof("two"));
    roll_.suppressions().add("zenobia.quillfeather@first.example", SuppressionReason::bounce, "box of Zenobia full");
    roll_.contacts().change_address("zenobia.quillfeather@first.example", "zq@second.example");
    roll_.contacts().update("zq@second.example", {.last_name = "Dibblerette"});
    roll_.contacts().add({.email = "zq@third.example", .last_name = "Weatherwaxy"});
    roll_.subscribe("zq@third.example", offers_, with_proof("three"));
    roll_.suppressions().add("zq@third.example", SuppressionReason::manual, "asked Zenobia");
    roll_.contacts().merge("zq@second.example", "zq@third.example");
  }
  static const std::vector<std::string>& words_of_quillfeather() {
    static const std::vector<std::string> words{"uillfeather",   "enobia",       "first.example", "second.example",
                                                "third.example", "zq@",          "oldid-zq-17",   "nkhmorpork",
                                                "ibblerette",    "eatherwaxy",   "203.0.113.77",  "Xyzzybrowser",
                                                "Plughcafe",     "shop.example", "tlh-",          "letter of"};
    return words;
  }

  [[nodiscard]] std::string bytes_of(const std::string& name) const {
    std::ifstream file(folder().path() + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::set<std::string> traces(const std::vector<std::string>& words) const {
    std::set<std::string> found;
    for (const char* name : names) {
      const std::string bytes = bytes_of(name);
      for (const std::string& word : words) {
        if (bytes.find(word) != std::string::npos) found.insert(word);
      }
    }
    return found;
  }

  Roll roll_ = open_as(Actor::operator_);
  Topic news_;
  Topic offers_;
};

TEST_P(ContactsErase, no_trace_of_the_person_is_left_in_any_byte_of_the_store) {
  make_quillfeather();
  roll_.contacts().add({.email = "somebody.else@example.com", .first_name = "Else"});
  std::filesystem::remove_all(folder().path() + "/old");
  const std::vector<std::string>& words = words_of_quillfeather();
  if (GetParam() == "sqlite") {
    EXPECT_EQ(traces(words), std::set<std::string>(words.begin(), words.end())) << "before, all of it is there";
  }
  bool emptied = false;
  roll_.contacts().erase("zq@second.example", "asked by letter", &emptied);
  EXPECT_TRUE(emptied);
  EXPECT_EQ(traces(words), std::set<std::string>{});
  const std::string held = roll_.contacts().export_person("zq@second.example");
  for (const std::string& word : words) EXPECT_EQ(held.find(word), std::string::npos) << word;
  EXPECT_EQ(roll_.contacts().get("somebody.else@example.com").first_name, "Else");
  EXPECT_EQ(traces({"somebody.else"}).empty(), GetParam() == "memory");
}

TEST_P(ContactsErase, ids_that_the_person_had_still_lead_to_whom_to_leave_alone) {
  roll_.contacts().add({.email = "ada@example.com"});
  const ContactId old = roll_.contacts().get("ada@example.com").id;
  const ContactId id = roll_.contacts().change_address("ada@example.com", "ada@example.org").id;
  roll_.contacts().erase(old);
  EXPECT_EQ(roll_.explain(old, news_).id, id);
  EXPECT_EQ(roll_.explain(old, news_).reason, Reason::erased);
}

TEST_P(ContactsErase, every_address_the_person_had_is_refused_for_good) {
  make_quillfeather();
  roll_.contacts().erase("zq@second.example");
  for (const char* email : {"Zenobia.Quillfeather@first.example", "zq@second.example", "zq@third.example"}) {
    EXPECT_EQ(roll_.explain(email, news_).reason, Reason::erased) << "one of them";
    EXPECT_EQ(roll_.explain_transactional(email).reason, Reason::erased);
    EXPECT_EQ(outcome_of([&] { roll_.contacts().add({.email = email}); }), "refused:suppressed_erased");
    EXPECT_EQ(outcome_of([&] { roll_.subscribe(email, news_); }), "refused:suppressed_erased");
    EXPECT_EQ(outcome_of([&] { roll_.contacts().change_address("a@example.com", email); }),
              "refused:suppressed_erased");
  }
  EXPECT_EQ(roll_.usage().global, 0U);
  EXPECT_EQ(roll_.segments().count("VIP"), 0U);
}

TEST_P(ContactsErase, an_import_refuses_the_erased_and_its_rejects_file_does_not_name_them) {
  make_quillfeather();
  roll_.contacts().erase("zq@second.example");
  folder().write("new.csv", "email,first_name\nZQ@second.example,Zenobia\nnew@example.com,New\n");
  const std::string rejects = folder().path() + "/rejects.ndjson";
  ImportPlan plan = roll_.contacts().import_file(folder().path() + "/new.csv", {.rejects = rejects});
  EXPECT_NE(bytes_of("rejects.ndjson").find("suppressed_erased"), std::string::npos) << "listed before it is applied";
  const ImportSummary summary = plan.apply();
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::rejected)], 1U);
  EXPECT_EQ(summary.by_verdict[static_cast<std::size_t>(RowVerdict::created)], 1U);
  const std::string written = bytes_of("rejects.ndjson");
  EXPECT_NE(written.find("suppressed_erased"), std::string::npos);
  for (const char* word : {"second.example", "ZQ", "zq", "Zenobia"}) {
    EXPECT_EQ(written.find(word), std::string::npos) << "the rejects file names the erased person";
  }
  EXPECT_TRUE(traces({"second.example", "Zenobia"}).empty());
}

TEST_P(ContactsErase, what_stays_is_ids_scopes_kinds_and_times) {
  make_quillfeather();
  pass(std::chrono::hours(1));
  const ConsentEvent erased = roll_.contacts().erase("zq@second.example", "asked by letter");
  EXPECT_EQ(erased.action, Action::erased);
  EXPECT_EQ(erased.actor, Actor::operator_);
  EXPECT_EQ(erased.reason, "asked by letter");
  EXPECT_EQ(erased.at, now());
  const std::vector<ConsentEvent> events = roll_.events().list("zq@second.example");
  ASSERT_GT(events.size(), 5U);
  for (const ConsentEvent& event : events) {
    EXPECT_TRUE(event.evidence.empty());
    EXPECT_EQ(event.source, "");
    EXPECT_TRUE(event.reason.empty() || event.reason == "(erased)" || event.id == erased.id);
  }
  for (const Suppression& suppression : roll_.suppressions().list({}, 100)) {
    EXPECT_EQ(suppression.email, "");
  }
  EXPECT_EQ(roll_.suppressions().list({}, 100).size(), 3U) << "that they are suppressed is still known";
}

TEST_P(ContactsErase, erasing_again_changes_nothing_and_answers_the_same) {
  roll_.contacts().add({.email = "ada@example.com"});
  const ConsentEvent first = roll_.contacts().erase("ada@example.com");
  pass(std::chrono::hours(1));
  EXPECT_EQ(roll_.contacts().erase("ada@example.com", "once more"), first);
  EXPECT_EQ(roll_.events().list("ada@example.com").size(), 1U);
}

TEST_P(ContactsErase, what_was_said_after_an_erasure_goes_with_the_next) {
  roll_.contacts().add({.email = "ada@example.com"});
  const ConsentEvent first = roll_.contacts().erase("ada@example.com");
  pass(std::chrono::hours(1));
  roll_.unsubscribe("ada@example.com", everything,
                    {.by = Actor::person, .evidence = {.note = "called from Plughcafe"}});
  EXPECT_NE(roll_.contacts().erase("ada@example.com").id, first.id);
  EXPECT_TRUE(traces({"Plughcafe"}).empty());
  for (const ConsentEvent& event : roll_.events().list("ada@example.com")) EXPECT_TRUE(event.evidence.empty());
}

TEST_P(ContactsErase, an_address_that_is_no_contact_can_be_erased_beforehand) {
  roll_.contacts().erase("ada@example.com");
  EXPECT_EQ(outcome_of([&] { roll_.contacts().add({.email = "Ada@example.com"}); }), "refused:suppressed_erased");
  EXPECT_EQ(roll_.explain("ada@example.com", news_).reason, Reason::erased);
  EXPECT_TRUE(traces({"ada@"}).empty());
  EXPECT_EQ(outcome_of([&] { roll_.contacts().erase("00000000-0000-8000-8000-000000000001"); }),
            "not_found:contact_not_found");
}

TEST_P(ContactsErase, an_old_address_of_theirs_names_the_whole_person) {
  make_quillfeather();
  roll_.contacts().erase("zenobia.quillfeather@first.example");
  EXPECT_EQ(traces(words_of_quillfeather()), std::set<std::string>{});
  EXPECT_EQ(roll_.explain("zq@third.example", news_).reason, Reason::erased);
}

TEST_P(ContactsErase, a_contact_of_its_own_under_an_old_address_stays_but_lends_no_proof) {
  roll_.contacts().add({.email = "ada@example.com", .first_name = "Ada"});
  roll_.unsubscribe("ada@example.com", news_, {.by = Actor::person, .evidence = {.note = "Plughcafe"}});
  roll_.contacts().change_address("ada@example.com", "ada@example.org");
  roll_.contacts().add({.email = "ada@example.com", .first_name = "Adelheid"});
  roll_.unsubscribe("ada@example.com", offers_, {.by = Actor::person, .evidence = {.note = "by letter"}});
  roll_.contacts().erase("ada@example.org");
  EXPECT_EQ(roll_.explain("ada@example.org", news_).reason, Reason::erased);
  EXPECT_EQ(roll_.contacts().get("ada@example.com").first_name, "Adelheid");
  EXPECT_EQ(roll_.explain("ada@example.com", news_).reason, Reason::topic_opted_out);
  EXPECT_TRUE(traces({"Plughcafe"}).empty());
  const std::vector<ConsentEvent> events = roll_.events().list("ada@example.com");
  EXPECT_EQ(events.front().evidence.note, "");
  EXPECT_EQ(events.back().evidence.note, "by letter");
}

TEST_P(ContactsErase, an_old_address_that_two_have_come_from_is_a_conflict) {
  for (const char* to : {"ada@example.org", "ada@example.net"}) {
    roll_.contacts().add({.email = "ada@example.com"});
    roll_.contacts().change_address("ada@example.com", to);
  }
  EXPECT_EQ(outcome_of([&] { roll_.contacts().erase("ada@example.com"); }), "conflict:ambiguous_alias");
  roll_.contacts().erase("ada@example.org");
  EXPECT_EQ(roll_.contacts().get("ada@example.net").email, "ada@example.net");
}

TEST_P(ContactsErase, a_reason_with_an_address_is_not_taken) {
  roll_.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(outcome_of([&] { roll_.contacts().erase("ada@example.com", "mail from ada@example.com"); }),
            "invalid:reason_holds_address");
  EXPECT_EQ(outcome_of([&] { roll_.contacts().erase("ada@example.com", std::string(10'000'000, 'x')); }),
            "invalid:text_too_long");
  EXPECT_TRUE(roll_.contacts().find("ada@example.com"));
}

TEST_P(ContactsErase, the_feed_says_it_and_knows_no_address) {
  roll_.contacts().add({.email = "ada@example.com"});
  roll_.unsubscribe("ada@example.com", news_);
  roll_.contacts().erase("ada@example.com");
  const FeedPage page = roll_.opt_outs();
  ASSERT_EQ(page.items.size(), 2U);
  EXPECT_EQ(page.items[1].event.action, Action::erased);
  for (const FeedItem& item : page.items) EXPECT_EQ(item.email, "");
}

TEST_P(ContactsErase, links_from_before_do_not_come_alive_again) {
  roll_.contacts().add({.email = "ada@example.com"});
  EXPECT_EQ(roll_.contacts().revoke_links("ada@example.com"), 1);
  roll_.contacts().erase("ada@example.com");
  EXPECT_EQ(roll_.contacts().revoke_links("ada@example.com"), 3);
}

TEST_P(ContactsErase, texts_that_events_share_are_never_about_a_person) {
  make_quillfeather();
  folder().write("people.csv", "email\nnew@example.com\n");
  roll_.contacts().import_file(folder().path() + "/people.csv", {.topics = {"News"}}).apply();
  roll_.suppressions().add("b@example.com", SuppressionReason::complaint, "b@example.com complained");
  std::set<std::string> kinds;
  for (const char* email : {"new@example.com", "zq@second.example", "zq@third.example", "b@example.com"}) {
    for (const ConsentEvent& event : roll_.events().list(email)) {
      kinds.insert(event.source.substr(0, event.source.find(':')));
      EXPECT_EQ(event.source.find('@'), std::string::npos);
    }
  }
  EXPECT_EQ(kinds, (std::set<std::string>{"", "audience", "import"}));
}

TEST_P(ContactsErase, everything_held_on_a_person_is_one_document) {
  make_quillfeather();
  pass(std::chrono::hours(1));
  const auto document = nlohmann::json::parse(roll_.contacts().export_person("zq@second.example"));
  const std::string text = document.dump();
  for (const std::string& word : words_of_quillfeather()) {
    const bool gone = word == "eatherwaxy";  // the other's name; the kept contact had its own
    EXPECT_EQ(text.find(word) == std::string::npos, gone) << word;
  }
  EXPECT_EQ(document["exported_at"], format_time(now()));
  EXPECT_EQ(document["id"], to_string(roll_.contacts().get("zq@second.example").id));
  EXPECT_EQ(document["former_ids"].size(), 2U);
  EXPECT_EQ(document["aliases"], nlohmann::json::array({"oldid-zq-17"}));
  EXPECT_EQ(document["contact"]["email"], "zq@second.example");
  EXPECT_EQ(document["contact"]["last_name"], "Dibblerette");
  EXPECT_EQ(document["contact"]["properties"]["city"], "Ankhmorpork");
  EXPECT_EQ(document["segments"].size(), 2U);
  EXPECT_EQ(document["topics"].size(), 3U);
  EXPECT_EQ(document["topics"][0]["name"], "News");
  EXPECT_EQ(document["topics"][0]["reason"], "suppressed_manual");
  EXPECT_EQ(document["standing"]["suppressed"], nlohmann::json::array({"manual"}));
  EXPECT_EQ(document["suppressions"].size(), 3U) << "the bounce of an old address is theirs too";
  std::set<std::string> ids;
  for (const auto& event : document["events"]) EXPECT_TRUE(ids.insert(event["id"]).second) << "each event once";
  EXPECT_EQ(document["link_epoch"], 0);

  const auto beside = nlohmann::json::parse(roll_.contacts().export_person("zenobia.quillfeather@first.example"));
  EXPECT_EQ(beside, document) << "an old address of theirs names the same person";
  EXPECT_EQ(outcome_of([&] { (void)roll_.contacts().export_person("nobody@example.com"); }),
            "not_found:contact_not_found");
}

TEST_P(ContactsErase, whoever_is_no_contact_can_see_what_is_held_too) {
  roll_.suppressions().add("ada@example.com", SuppressionReason::manual);
  const auto document = nlohmann::json::parse(roll_.contacts().export_person("ada@example.com"));
  EXPECT_EQ(document["contact"], nullptr);
  EXPECT_EQ(document["suppressions"][0]["email"], "ada@example.com");
  EXPECT_EQ(document["events"].size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(stores, ContactsErase, ::testing::Values("memory", "sqlite"), store_of);

}  // namespace
}  // namespace mailroll::testing
