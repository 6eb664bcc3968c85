#include "mailroll/ids.hpp"

#include <set>
#include <unordered_set>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"

namespace mailroll {
namespace {

constexpr std::string_view sample = "0195d3a0-1b2c-7def-8123-456789abcdef";

TEST(Uuid, text_and_bytes_give_each_other) {
  const auto id = parse_uuid(sample);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->bytes[0], 0x01);
  EXPECT_EQ(id->bytes[5], 0x2c);
  EXPECT_EQ(id->bytes[15], 0xef);
  EXPECT_EQ(to_string(*id), sample);
  EXPECT_EQ(to_string(Uuid{}), "00000000-0000-0000-0000-000000000000");
}

TEST(Uuid, is_read_in_any_case) { EXPECT_EQ(parse_uuid("0195D3A0-1B2C-7DEF-8123-456789ABCDEF"), parse_uuid(sample)); }

TEST(Uuid, is_not_read_from_anything_else) {
  for (const std::string_view text :
       {"", "0195d3a0", "0195d3a01b2c7def8123456789abcdef", "{0195d3a0-1b2c-7def-8123-456789abcdef}",
        "0195d3a0-1b2c-7def-8123-456789abcde", "0195d3a0-1b2c-7def-8123-456789abcdef0",
        "0195d3a0-1b2c-7def-8123-456789abcdeg", "0195d3a0 1b2c-7def-8123-456789abcdef",
        "0195d3a-01b2c-7def-8123-456789abcdef", " 195d3a0-1b2c-7def-8123-456789abcdef"}) {
    EXPECT_FALSE(parse_uuid(text)) << text;
  }
}

TEST(Uuid, order_of_bytes_is_order_of_text) {
  const Uuid low = *parse_uuid("7fffffff-0000-0000-0000-000000000000");
  const Uuid high = *parse_uuid("80000000-0000-0000-0000-000000000000");
  EXPECT_LT(low, high);
  EXPECT_LT(to_string(low), to_string(high));
}

TEST(Uuid, version_7_starts_with_the_milliseconds_and_is_random_after) {
  const Time at = time_of(0x0195d3a01b2cLL * 1000 + 999);
  std::set<Uuid> ids;
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = make_uuid_v7(at);
    EXPECT_EQ(to_string(id).substr(0, 15), "0195d3a0-1b2c-7");
    EXPECT_EQ(id.bytes[8] & 0xC0, 0x80);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_LT(make_uuid_v7(at), make_uuid_v7(at + std::chrono::milliseconds(1)));
}

TEST(Uuid, version_8_keeps_all_bits_but_version_and_variant) {
  std::array<std::uint8_t, 16> hash{};
  hash.fill(0xFF);
  EXPECT_EQ(to_string(make_uuid_v8(hash)), "ffffffff-ffff-8fff-bfff-ffffffffffff");
  hash.fill(0);
  EXPECT_EQ(to_string(make_uuid_v8(hash)), "00000000-0000-8000-8000-000000000000");
}

TEST(Uuid, works_as_a_key_of_hash_tables) {
  std::unordered_set<ContactId> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(ContactId(make_uuid_v7(Time{})));
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_TRUE(ids.contains(*ids.begin()));
}

TEST(IdPartition, one_part_is_everything) {
  EXPECT_EQ(id_partition(1, 1).first, IdRange{}.first);
  EXPECT_EQ(id_partition(1, 1).last, IdRange{}.last);
}

TEST(IdPartition, parts_follow_each_other_without_gap_or_overlap) {
  for (const int count : {2, 3, 7, 16, 1000, 65535, 65536}) {
    EXPECT_EQ(id_partition(1, count).first, IdRange{}.first);
    EXPECT_EQ(id_partition(count, count).last, IdRange{}.last);
    for (int index = 1; index < count; ++index) {
      Uuid next = id_partition(index, count).last;
      std::size_t byte = 16;
      while (byte > 0 && ++next.bytes[byte - 1] == 0) --byte;
      ASSERT_EQ(next, Uuid(id_partition(index + 1, count).first)) << index << " of " << count;
    }
  }
}

TEST(IdPartition, parts_are_about_equal) {
  EXPECT_EQ(to_string(id_partition(2, 4).first), "40000000-0000-0000-0000-000000000000");
  EXPECT_EQ(to_string(id_partition(2, 4).last), "7fffffff-ffff-ffff-ffff-ffffffffffff");
  EXPECT_EQ(to_string(id_partition(2, 3).first), "55555555-5555-0000-0000-000000000000");
}

TEST(IdPartition, another_index_or_count_is_invalid) {
  for (const auto& [index, count] : {std::pair{0, 1}, {2, 1}, {-1, 4}, {1, 0}, {1, -1}, {1, 65537}}) {
    EXPECT_THROW(id_partition(index, count), Error) << index << " of " << count;
  }
}

}  // namespace
}  // namespace mailroll
