/// The memory store, which is the reference, beside another one: every call is made on both, and must answer alike.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::test {

/// What `call` answers, or the kind and reason of its error.
template <typename Call>
std::string answer(Call call) {
  try {
    return call();
  } catch (const Error& error) {
    return "error " + std::string(to_string(error.kind())) + " " + error.reason();
  }
}

struct Pair {
  std::unique_ptr<Session> memory;
  std::unique_ptr<Session> sqlite;

  template <typename Call>
  std::string same(const char* what, Call call) {
    const std::string expected = answer([&] { return call(*memory); });
    const std::string found = answer([&] { return call(*sqlite); });
    EXPECT_EQ(found, expected) << what;
    return expected;
  }
  template <typename Call>
  std::string same_change(const char* what, Call call) {
    return same(what, [&](Session& session) {
      call(session);
      return std::string("done");
    });
  }
};

}  // namespace mailroll::test
