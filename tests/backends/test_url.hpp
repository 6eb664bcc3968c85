/// Where the servers are that tests may use.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>

namespace mailroll::test {

/// The first address of that scheme in MAILROLL_TEST_URLS; "" where there is none.
inline std::string test_url(const std::string& scheme) {
  const char* urls = std::getenv("MAILROLL_TEST_URLS");
  std::istringstream words(urls == nullptr ? "" : urls);
  for (std::string word; words >> word;) {
    if (word.starts_with(scheme + "://")) return word;
  }
  return {};
}

}  // namespace mailroll::test
