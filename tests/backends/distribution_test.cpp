// `init --distribute`. The extension citus is not to be had from Debian: these tests put functions of the same names in its
// place (a stand-in), which record who calls them and what is there by then. What Citus makes of the calls is not tried here.
#include <functional>

#include <gtest/gtest.h>

#include "backends/raw_postgresql.hpp"
#include "backends/temporary_folder.hpp"
#include "backends/test_url.hpp"
#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

/// SQL functions in the test's own schema. Each call is a row: the table, the column or '', beside whom it lies, and how many
/// tables and secondary indexes there were.
constexpr const char* stand_in_for_citus = R"sql(
  CREATE SCHEMA {calls};
  CREATE SEQUENCE {calls}.number;
  CREATE TABLE {calls}.calls (number INTEGER, name TEXT, on_column TEXT, beside TEXT, tables BIGINT, indexes BIGINT, mode TEXT);
  CREATE FUNCTION record_call(made regclass, on_column text, beside text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO {calls}.calls SELECT nextval('{calls}.number'), c.relname, on_column, beside,
      (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()),
      (SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%_pkey'),
      current_setting('citus.multi_shard_modify_mode', true)
      FROM pg_class c WHERE c.oid = made
  $$;
  CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, colocate_with text DEFAULT 'default')
    RETURNS void LANGUAGE sql AS 'SELECT record_call(table_name, distribution_column, colocate_with)';
  CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS
    'SELECT record_call(table_name, '''', '''')'
)sql";

class distribution : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string server = test::test_url("postgresql");
    if (server.empty()) GTEST_SKIP() << "MAILROLL_TEST_URLS names no PostgreSQL";
    raw_ = std::make_unique<test::RawPostgresql>(server);
  }
  void TearDown() override {
    if (stands_in_) raw_->run("DROP SCHEMA " + calls() + " CASCADE");
  }
  [[nodiscard]] std::string calls() const { return raw_->schema() + "_calls"; }
  void put_stand_in() {
    std::string text = stand_in_for_citus;
    for (auto at = text.find("{calls}"); at != std::string::npos; at = text.find("{calls}"))
      text.replace(at, 7, calls());
    raw_->run(text);
    stands_in_ = true;
  }
  std::string called(const std::string& what, const std::string& where = "true") {
    return raw_->run("SELECT " + what + " FROM " + calls() + ".calls WHERE " + where);
  }
  static std::string refusal(const std::function<void()>& act, ErrorKind kind) {
    try {
      act();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.reason();
    }
    return "none";
  }
  std::unique_ptr<test::RawPostgresql> raw_;
  bool stands_in_ = false;
};

TEST_F(distribution, without_the_extension_is_refused_and_nothing_is_made) {
  for (const Distribution kind : {Distribution::by_team, Distribution::by_contact}) {
    EXPECT_EQ(refusal([&] { init_store(raw_->url(), {.distribute = kind}); }, ErrorKind::refused), "extension_missing");
  }
  EXPECT_EQ(raw_->run("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"), "0");
  EXPECT_TRUE(init_store(raw_->url()).to_version > 0) << "it may still be made without";
}

TEST_F(distribution, spreads_tables_when_all_are_there_and_no_index_is) {
  put_stand_in();
  init_store(raw_->url(), {.foreign_keys = true, .distribute = Distribution::by_team});
  EXPECT_EQ(called("count(DISTINCT tables) || ' ' || max(indexes) || ' ' || max(mode)"), "1 0 sequential");
  EXPECT_EQ(called("max(tables)"), raw_->run("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"));
  EXPECT_GT(
      std::stoi(raw_->run("SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE "
                          "'%_pkey'")),
      4);
}

TEST_F(distribution, by_team_spreads_every_table_by_its_team) {
  put_stand_in();
  init_store(raw_->url(), {.distribute = Distribution::by_team});
  EXPECT_EQ(called("name || ' ' || beside", "number = 1"), "teams none");
  EXPECT_EQ(called("count(*)", "on_column <> 'team_id'"), "0");
  EXPECT_EQ(called("count(*)", "number > 1 AND beside <> 'teams'"), "0");
  EXPECT_EQ(
      raw_->run(
          "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN "
          "(SELECT name FROM " +
          calls() + ".calls)"),
      "schema_lock")
      << "whose row others wait for";
}

TEST_F(distribution, by_contact_spreads_what_is_about_one_contact_and_puts_the_rest_everywhere) {
  put_stand_in();
  init_store(raw_->url(), {.distribute = Distribution::by_contact});
  EXPECT_EQ(called("name || ' ' || beside", "number = 1"), "contacts none");
  EXPECT_EQ(
      called("string_agg(name, ' ' ORDER BY name)", "on_column = 'contact_id'"),
      "aliases changes choices consent_events contacts leases link_epochs memberships outbox soft_bounces standings "
      "suppressions");
  EXPECT_EQ(called("count(*)", "on_column = 'contact_id' AND number > 1 AND beside <> 'contacts'"), "0");
  EXPECT_EQ(called("string_agg(name, ' ' ORDER BY name)", "on_column = ''"),
            "audience_aliases broadcasts change_bounds feed key_ring locks properties runs schema_version segments "
            "settings sources "
            "teams topics");
}

TEST_F(distribution, is_remembered_by_the_store_and_not_changed) {
  put_stand_in();
  init_store(raw_->url(), {.distribute = Distribution::by_contact});
  const std::string count = called("count(*)");
  EXPECT_TRUE(open(raw_->url()).check().ok()) << "nobody else has the option";
  EXPECT_TRUE(init_store(raw_->url(), {.distribute = Distribution::by_contact}).steps.empty());
  EXPECT_EQ(init_store(raw_->url()).distribution, Distribution::by_contact);
  EXPECT_EQ(refusal([&] { init_store(raw_->url(), {.distribute = Distribution::by_team}); }, ErrorKind::refused),
            "distribution");
  EXPECT_EQ(called("count(*)"), count);
}

TEST_F(distribution, of_a_store_that_is_there_already_is_refused) {
  put_stand_in();
  init_store(raw_->url());
  EXPECT_EQ(refusal([&] { init_store(raw_->url(), {.distribute = Distribution::by_team}); }, ErrorKind::refused),
            "distribution");
  EXPECT_EQ(called("count(*)"), "0");
}

TEST_F(distribution, reaches_the_tables_of_later_migrations_too) {
  put_stand_in();
  init_store(raw_->url(), {.distribute = Distribution::by_team});
  // As a store that was distributed before the second migration added these.
  raw_->run(
      "DROP TABLE leases, feed, outbox, key_ring, broadcasts, soft_bounces, link_epochs; ALTER TABLE topics DROP "
      "COLUMN "
      "basis; CREATE TABLE hash_keys (team_id INTEGER, key_id INTEGER, fingerprint TEXT, secret BYTEA, created_at "
      "BIGINT); DELETE FROM schema_version WHERE version >= 2");
  raw_->run("DELETE FROM " + calls() + ".calls");
  const InitPlan plan = init_store(raw_->url(), {.dry_run = true});
  EXPECT_EQ(plan.distribution, Distribution::by_team);
  std::string spread;
  for (const InitStep& step : plan.steps) {
    if (step.phase == InitPhase::distribution) spread += step.statement + "\n";
  }
  EXPECT_NE(spread.find("create_distributed_table('leases', 'team_id', colocate_with => 'teams')"), std::string::npos);
  EXPECT_NE(spread.find("create_distributed_table('changes', 'team_id', colocate_with => 'teams')"), std::string::npos);
  EXPECT_EQ(spread.find("'contacts'"), std::string::npos) << "what was there before is not spread again";
}

TEST(distribution_elsewhere, is_refused_by_every_other_kind_of_store_and_makes_no_file) {
  const test::TemporaryFolder folder;
  for (const std::string& address : {folder.store("roll.db"), std::string("memory://")}) {
    try {
      init_store(address, {.distribute = Distribution::by_team});
      ADD_FAILURE() << address;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::invalid);
      EXPECT_EQ(error.reason(), "distribute");
    }
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("roll.db")));
}

}  // namespace
}  // namespace mailroll
