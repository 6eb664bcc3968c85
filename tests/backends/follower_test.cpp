// A follower whose store fails.
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "mailroll/mailroll.hpp"
#include "raw_sqlite.hpp"
#include "temporary_folder.hpp"

namespace mailroll {
namespace {

bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

TEST(follower, keeps_the_last_snapshot_while_the_store_fails_and_goes_on_when_it_is_well) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("roll.db").string();
  Roll roll = open("sqlite:///" + file);
  const Segment vip = roll.segments().create("VIP");
  roll.contacts().add({.email = "ada@example.com", .segments = {vip}});
  const Follower follower = roll.follow();
  test::RawSqlite raw(file);
  const std::string damage = "UPDATE segments SET id = x'00'";
  const std::string id = raw.value("SELECT hex(id) FROM segments");
  raw.run(damage);
  ASSERT_TRUE(comes_true([&] { return follower.error().has_value(); }));
  EXPECT_EQ(follower.error()->kind(), ErrorKind::storage);
  EXPECT_EQ(follower.error()->reason(), "corrupt");
  EXPECT_EQ(follower.latest().count("VIP", no_topic).members, 1U);
  raw.run("UPDATE segments SET id = x'" + id + "'");
  ASSERT_TRUE(comes_true([&] { return !follower.error(); }));
  roll.contacts().add({.email = "bob@example.com", .segments = {vip}});
  EXPECT_TRUE(comes_true([&] { return follower.latest().count("VIP", no_topic).members == 2; }));
}

}  // namespace
}  // namespace mailroll
