// What is the memory store's own; what it shares with every store is in tests/conformance.
#include <gtest/gtest.h>

#include "mailroll/store/registry.hpp"

namespace mailroll {
namespace {

TEST(memory_store, every_open_is_a_new_empty_store) {
  const auto first = open_store("memory://");
  first->connect()->add_team(Uuid{}, "default", time_of(1));
  EXPECT_EQ(first->connect()->teams().size(), 1U);
  EXPECT_TRUE(open_store("memory://")->connect()->teams().empty());
}

}  // namespace
}  // namespace mailroll
