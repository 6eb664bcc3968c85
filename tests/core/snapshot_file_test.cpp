// A snapshot in a file is the one that was saved, or a clear error.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include <sodium.h>
#include <sys/stat.h>

#include "mailroll/audience/snapshot.hpp"
#include "snapshot_world.hpp"

namespace mailroll::testing {
namespace {

// Where the head of a file has what (docs/snapshot.md).
constexpr std::size_t head_length = 128;
constexpr std::size_t size_at = 16;
constexpr std::size_t contacts_at = 24;
constexpr std::size_t words_at = 32;
constexpr std::size_t digest_at = 40;
constexpr std::size_t digest_length = 32;

std::uint64_t number_at(const std::string& file, std::size_t place) {
  std::uint64_t number = 0;
  std::memcpy(&number, file.data() + place, sizeof number);
  return number;
}

void put_number(std::string& file, std::size_t place, std::uint64_t number) {
  std::memcpy(file.data() + place, &number, sizeof number);
}

/// With its right length and checksum, as anybody can make them who forges a file.
std::string sealed(std::string file) {
  put_number(file, size_at, file.size());
  std::fill_n(file.begin() + digest_at, digest_length, '\0');
  const std::string covered = file.substr(head_length) + file.substr(0, head_length);
  crypto_generichash(reinterpret_cast<unsigned char*>(file.data() + digest_at), digest_length,
                     reinterpret_cast<const unsigned char*>(covered.data()), covered.size(), nullptr, 0);
  return file;
}

class SnapshotFileTest : public SnapshotWorld {
 protected:
  SnapshotFileTest() {
    make_definitions();
    live(150);
  }
  [[nodiscard]] std::string file() const { return folder().path() + "/team.snapshot"; }
  [[nodiscard]] std::string outcome_of_mapping(const std::string& content) const {
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << content;
    return outcome_of([&] { (void)Snapshot::map(file()); });
  }
  /// Of a forged file: the error, or "done" where it could have been saved so; then every answer adds up.
  [[nodiscard]] std::string outcome_of_forging(const std::string& content) const {
    const std::string outcome = outcome_of_mapping(content);
    if (outcome != "done") return outcome;
    const Snapshot forged = Snapshot::map(file());
    const SnapshotMatrix matrix = forged.matrix();
    for (const Counts& counts : matrix.cells) {
      std::uint64_t sum = 0;
      for (const std::uint64_t of_reason : counts.by_reason) sum += of_reason;
      EXPECT_EQ(sum, counts.members);
      EXPECT_LE(counts.receives, counts.members);
      EXPECT_LE(counts.members, forged.contacts());
    }
    for (const Segment& segment : forged.segments()) {
      // A name may stand there twice, or be none any more.
      (void)outcome_of([&] { EXPECT_LE(forged.people(segment, no_topic).size(), forged.contacts()); });
    }
    return outcome;
  }
};

TEST_P(SnapshotFileTest, answers_as_the_one_that_was_saved) {
  const Snapshot saved = roll.snapshot();
  saved.save(file());
  const Snapshot mapped = Snapshot::map(file());
  EXPECT_EQ(mapped.as_of(), saved.as_of());
  EXPECT_EQ(mapped.incomplete(), saved.incomplete());
  EXPECT_EQ(mapped.contacts(), saved.contacts());
  EXPECT_EQ(mapped.segments(), saved.segments());
  EXPECT_EQ(mapped.topics(), saved.topics());
  EXPECT_EQ(mapped.memory().ids, 0U);
  EXPECT_EQ(mapped.memory().sets, saved.memory().sets);
  for (const Segment& segment : segments) {
    for (const TopicRef& topic : mails()) {
      EXPECT_EQ(shown(mapped.count(segment, topic)), shown(saved.count(segment, topic)));
      EXPECT_EQ(mapped.people(segment, topic), saved.people(segment, topic));
    }
  }
  live(50);
  EXPECT_EQ(roll.snapshot().diff(mapped).added, roll.snapshot().diff(saved).added);
}

TEST_P(SnapshotFileTest, of_a_team_without_anybody_too) {
  for (const Contact& contact : roll.contacts().list({}, 1000)) roll.contacts().remove(contact);
  roll.snapshot().save(file());
  EXPECT_EQ(Snapshot::map(file()).count("A", topics[0]).members, 0U);
}

TEST_P(SnapshotFileTest, a_bit_that_is_another_is_noticed_wherever_it_stands) {
  roll.snapshot().save(file());
  const std::string good = read_file(file());
  ASSERT_EQ(outcome_of_mapping(good), "done");
  const std::set<std::string> clear{"storage:corrupt", "storage:not_a_snapshot", "storage:newer_snapshot"};
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    ASSERT_TRUE(clear.contains(outcome_of_mapping(damaged))) << "byte " << at << ": " << outcome_of_mapping(damaged);
  }
}

TEST_P(SnapshotFileTest, a_file_that_was_cut_off_or_added_to_is_noticed) {
  roll.snapshot().save(file());
  const std::string good = read_file(file());
  for (std::size_t length = 1; length < good.size(); length += length < 200 ? 1 : 13) {
    ASSERT_EQ(outcome_of_mapping(good.substr(0, length)), "storage:corrupt") << length;
  }
  EXPECT_EQ(outcome_of_mapping(good + "x"), "storage:corrupt");
  EXPECT_EQ(outcome_of_mapping(good + good), "storage:corrupt");
}

TEST_P(SnapshotFileTest, a_forged_length_is_noticed_though_the_checksum_is_right) {
  roll.snapshot().save(file());
  const std::string good = read_file(file());
  ASSERT_EQ(sealed(good), good) << "the checksum is not what this test takes it for";
  for (const std::size_t place : {contacts_at, words_at}) {
    const std::uint64_t right = number_at(good, place);
    for (const std::uint64_t wrong :
         {std::uint64_t{0}, right - 1, right + 1, right * 2, number_at(good, size_at), std::uint64_t{1} << 32U,
          std::uint64_t{1} << 60U, std::uint64_t{1} << 63U, std::uint64_t{0} - 1, std::uint64_t{0} - right}) {
      std::string forged = good;
      put_number(forged, place, wrong);
      ASSERT_EQ(outcome_of_forging(sealed(forged)), "storage:corrupt") << place << ": " << wrong;
    }
  }
  // The lengths of the sets, in the JSON that ends the file.
  const std::size_t list = good.find("\"sets\":[") + 8;
  const std::string tail = good.substr(good.find(']', list));
  for (const std::string lengths :
       {"", "0", "-1", "1e3", "18446744073709551615", "18446744073709551616", "null", "8,8"}) {
    std::string forged = good.substr(0, list) + lengths + tail;
    put_number(forged, words_at, number_at(good, words_at) + forged.size() - good.size());
    ASSERT_EQ(outcome_of_forging(sealed(forged)), "storage:corrupt") << lengths;
  }
}

TEST_P(SnapshotFileTest, a_file_that_was_cut_off_and_sealed_anew_is_noticed) {
  roll.snapshot().save(file());
  const std::string good = read_file(file());
  for (std::size_t length = head_length; length < good.size(); length += 7) {
    ASSERT_EQ(outcome_of_forging(sealed(good.substr(0, length))), "storage:corrupt") << length;
    std::string shorter = good;
    shorter.erase(length, 3);
    ASSERT_EQ(outcome_of_forging(sealed(shorter)), "storage:corrupt") << length;
  }
}

TEST_P(SnapshotFileTest, whatever_byte_is_forged_answers_add_up_or_there_is_an_error) {
  roll.snapshot().save(file());
  const std::string good = read_file(file());
  const std::set<std::string> clear{"storage:corrupt", "storage:not_a_snapshot", "storage:newer_snapshot", "done"};
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int change : {1 << (at % 8), 0xFF}) {
      std::string forged = good;
      forged[at] = static_cast<char>(forged[at] ^ change);
      const std::string outcome = outcome_of_forging(sealed(forged));
      ASSERT_TRUE(clear.contains(outcome)) << "byte " << at << ": " << outcome;
    }
  }
}

TEST_P(SnapshotFileTest, what_is_no_snapshot_is_called_so) {
  EXPECT_EQ(outcome_of_mapping(""), "storage:not_a_snapshot");
  EXPECT_EQ(outcome_of_mapping("email\nada@example.com\n"), "storage:not_a_snapshot");
  EXPECT_EQ(outcome_of_mapping(std::string(100'000, '\0')), "storage:not_a_snapshot");
  EXPECT_EQ(outcome_of([&] { (void)Snapshot::map(folder().path()); }), "storage:not_a_snapshot");
  EXPECT_EQ(outcome_of([&] { (void)Snapshot::map(folder().path() + "/none"); }), "not_found:");
}

TEST_P(SnapshotFileTest, of_a_newer_mailroll_is_called_so_though_nothing_else_of_it_can_be_read) {
  roll.snapshot().save(file());
  std::string newer = read_file(file());
  newer[8] = 3;  // the version, behind eight bytes that tell what it is
  EXPECT_EQ(outcome_of_mapping(newer), "storage:newer_snapshot");
  EXPECT_EQ(outcome_of_mapping(newer.substr(0, 128)), "storage:newer_snapshot");
}

TEST_P(SnapshotFileTest, holds_no_address_and_is_its_owners_alone) {
  roll.snapshot().save(file());
  const std::string content = read_file(file());
  EXPECT_EQ(content.find("@example.com"), std::string::npos);
  EXPECT_EQ(content.find("person"), std::string::npos);
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_P(SnapshotFileTest, saving_anew_leaves_those_who_have_the_old_one_what_they_have) {
  roll.snapshot().save(file());
  const Snapshot old = Snapshot::map(file());
  const std::vector<ContactId> people = old.people("A", no_topic);
  for (const Contact& contact : roll.contacts().list({}, 1000)) roll.contacts().remove(contact);
  roll.snapshot().save(file());
  EXPECT_EQ(old.people("A", no_topic), people);
  EXPECT_EQ(Snapshot::map(file()).contacts(), 0U);
}

TEST_P(SnapshotFileTest, what_cannot_be_saved_is_an_error_and_leaves_nothing_behind) {
  EXPECT_EQ(outcome_of([&] { roll.snapshot().save(folder().path() + "/none/team.snapshot"); }), "storage:failed");
  std::filesystem::create_directory(file());
  EXPECT_EQ(outcome_of([&] { roll.snapshot().save(file()); }), "storage:failed");
  std::set<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder().path())) {
    if (entry.path().filename().string().starts_with("team")) left.insert(entry.path().filename());
  }
  EXPECT_EQ(left, std::set<std::string>{"team.snapshot"});
}

INSTANTIATE_TEST_SUITE_P(Stores, SnapshotFileTest, ::testing::Values("memory"), store_of);

}  // namespace
}  // namespace mailroll::testing
