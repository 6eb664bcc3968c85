// How an address finds its backend, and what is said where it does not. Plugins: tests/plugins. Each question is asked in a
// process of its own, since what was loaded stays.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/temporary_folder.hpp"
#include "mailroll/error.hpp"
#include "mailroll/mailroll.hpp"

namespace mailroll {
namespace {

namespace fs = std::filesystem;

fs::path test_plugin(const std::string& scheme) {
  return fs::read_symlink("/proc/self/exe").parent_path() / "plugins" / ("libmailroll_" + scheme + ".so");
}

/// What `ask` answers in a process of its own, or kind, reason and message of its error.
std::string in_a_new_program(const std::function<std::string()>& ask) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string answer;
    try {
      answer = ask();
    } catch (const Error& error) {
      answer = std::string(to_string(error.kind())) + "/" + error.reason() + ": " + error.what();
    }
    const auto written = ::write(ends[1], answer.data(), answer.size());
    ::_exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string answer;
  char piece[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], piece, sizeof piece)) > 0;) {
    answer.append(piece, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0 ? answer : "the program ended badly";
}

std::string opened(const std::string& address) { return open_store(address)->name(); }

/// The origins listed for a scheme, or its problem.
std::string listed(const std::string& scheme) {
  std::string found;
  for (const Backend& backend : backends()) {
    if (backend.scheme == scheme) found += backend.origin + (backend.problem.empty() ? "" : ": " + backend.problem);
  }
  return found;
}

/// `text` holds every one of `pieces`.
::testing::AssertionResult says(const std::string& text, const std::vector<std::string>& pieces) {
  for (const std::string& piece : pieces) {
    if (text.find(piece) == std::string::npos)
      return ::testing::AssertionFailure() << '"' << piece << "\" is not in: " << text;
  }
  return ::testing::AssertionSuccess();
}

class registry : public ::testing::Test {
 protected:
  /// A copy of a plugin in a folder that is made for it.
  fs::path put(const std::string& folder, const std::string& scheme) {
    const fs::path to = fs::path(folder_.file(folder)) / test_plugin(scheme).filename();
    fs::create_directories(to.parent_path());
    fs::copy_file(test_plugin(scheme), to);
    return to;
  }
  static void search(const std::string& path) { ::setenv("MAILROLL_BACKEND_PATH", path.c_str(), 1); }

  test::TemporaryFolder folder_;
};

TEST_F(registry, a_plugin_is_found_by_the_scheme_in_its_name) {
  const fs::path file = put("a", "other");
  EXPECT_EQ(in_a_new_program([&] {
              search("/nowhere::" + file.parent_path().string());
              return opened("other://x") + " " + listed("other");
            }),
            "memory:// " + file.string());
}

TEST_F(registry, a_plugin_is_loaded_by_its_path_whatever_it_is_called) {
  const fs::path file = put("a", "other");
  const fs::path renamed = file.parent_path() / "mine.so";
  fs::rename(file, renamed);
  EXPECT_EQ(in_a_new_program([&] {
              load_backend(renamed);
              load_backend(renamed);
              return opened("other://x") + " " + listed("other");
            }),
            "memory:// " + renamed.string());
}

TEST_F(registry, given_folders_come_before_those_of_the_environment_in_their_order) {
  const fs::path first = put("first", "other");
  const fs::path second = put("second", "other");
  const fs::path environment = put("environment", "other");
  EXPECT_EQ(in_a_new_program([&] {
              search(environment.parent_path());
              load_backend(first.parent_path());
              load_backend(second.parent_path());
              return listed("other");
            }),
            first.string());
  EXPECT_EQ(in_a_new_program([&] {
              search(second.parent_path().string() + ":" + first.parent_path().string());
              return listed("other");
            }),
            second.string());
}

TEST_F(registry, host_and_plugin_share_one_registry_and_one_error_type) {
  const std::string answer = in_a_new_program([&] {
    load_backend(test_plugin("other"));
    return opened("other://host/refuse");
  });
  EXPECT_EQ(answer, "storage/unreachable: no such server");
}

TEST_F(registry, a_roll_works_on_a_plugin) {
  EXPECT_EQ(in_a_new_program([&] {
              load_backend(test_plugin("other"));
              auto roll = open("other://x");
              roll.contacts().add({.email = "ada@example.com"});
              return std::to_string(roll.usage().global);
            }),
            "1");
}

TEST_F(registry, an_unknown_scheme_is_told_every_place_that_was_searched) {
  const fs::path given = fs::path(folder_.file("given"));
  fs::create_directory(given);
  const std::string answer = in_a_new_program([&] {
    load_backend(given);
    search("/nowhere:/srv/backends");
    return opened("nosuch://me:s3cret@host/db");
  });
  EXPECT_TRUE(says(answer, {"invalid/unknown_scheme: ", "libmailroll_nosuch.so in ", given.string(),
                            "/nowhere, /srv/backends", "memory://", "MAILROLL_BACKEND_PATH"}));
  EXPECT_EQ(answer.find("s3cret"), std::string::npos);
  // The last place is the folder of libmailroll itself.
  EXPECT_TRUE(says(answer, {"/srv/backends, /"}));
}

TEST_F(registry, what_is_no_scheme_is_not_looked_for) {
  for (const char* address : {"roll.db", "", "://x", "../x://y", "Ada@example.com://y", "nosuch:/x"}) {
    const std::string answer = in_a_new_program([&] { return opened(address); });
    EXPECT_TRUE(says(answer, {"invalid/unknown_scheme: ", "starts with none of ", "memory://"})) << address;
    EXPECT_EQ(answer.find("Ada"), std::string::npos);
  }
}

TEST_F(registry, a_file_that_cannot_be_taken_says_why) {
  const auto loaded = [](const std::string& scheme) {
    return in_a_new_program([&] {
      load_backend(test_plugin(scheme));
      return std::string("loaded");
    });
  };
  const std::string number = std::to_string(backend_abi);
  EXPECT_TRUE(says(loaded("newer"), {"storage/backend_not_loaded: ", test_plugin("newer").string(),
                                     "ABI " + std::to_string(backend_abi + 1), "has " + number, "compile it"}));
  EXPECT_TRUE(says(loaded("nothing"), {"storage/backend_not_loaded: ", "no entry point mailroll_backend_abi"}));
  EXPECT_TRUE(says(loaded("half"), {"storage/backend_not_loaded: ", "no entry point mailroll_backend,"}));
  EXPECT_TRUE(says(loaded("unwilling"), {"storage/backend_not_loaded: ", "this engine wants a kernel module"}));
  EXPECT_TRUE(says(loaded("client"),
                   {"storage/backend_not_loaded: ", "libmailroll_test_client.so: cannot open shared object"}));
  EXPECT_TRUE(says(loaded("garbage"), {"storage/backend_not_loaded: ", "invalid ELF header"}));
  EXPECT_TRUE(says(loaded("nosuch"), {"storage/backend_not_loaded: ", "neither a file nor a folder"}));
}

TEST_F(registry, a_scheme_whose_files_are_all_refused_says_why_for_each) {
  const fs::path garbage = put("a", "newer");
  fs::copy_file(test_plugin("garbage"), garbage, fs::copy_options::overwrite_existing);
  const fs::path newer = put("b", "newer");
  const std::string answer = in_a_new_program([&] {
    search(garbage.parent_path().string() + ":" + newer.parent_path().string() + ":/nowhere");
    return opened("newer://me:s3cret@host/db");
  });
  EXPECT_TRUE(says(answer, {"storage/backend_not_loaded: ", garbage.string() + ": ", "invalid ELF header",
                            newer.string() + ": it was compiled for backend ABI", "/nowhere"}));
  EXPECT_EQ(answer.find("s3cret"), std::string::npos);
}

TEST_F(registry, a_file_that_is_refused_does_not_hide_one_that_is_not) {
  const fs::path broken = put("a", "other");
  fs::copy_file(test_plugin("garbage"), broken, fs::copy_options::overwrite_existing);
  const fs::path whole = put("b", "other");
  const auto path = broken.parent_path().string() + ":" + whole.parent_path().string();
  EXPECT_EQ(in_a_new_program([&] {
              search(path);
              return opened("other://");
            }),
            "memory://");
  EXPECT_EQ(in_a_new_program([&] {
              search(path);
              return listed("other");
            }),
            whole.string());
}

TEST_F(registry, a_file_for_another_scheme_than_its_name_says_is_not_taken) {
  const std::string answer = in_a_new_program([&] {
    search(test_plugin("misnamed").parent_path());
    return opened("misnamed://x");
  });
  EXPECT_TRUE(says(answer, {"storage/backend_not_loaded: ", "it is for another://"}));
}

TEST_F(registry, two_plugins_of_one_scheme_are_a_conflict) {
  const fs::path second = put("b", "other");
  const std::string answer = in_a_new_program([&] {
    load_backend(test_plugin("other"));
    load_backend(second);
    return std::string("both");
  });
  EXPECT_TRUE(says(answer, {"conflict/scheme_taken: ", second.string(), test_plugin("other").string()}));
}

TEST_F(registry, the_list_shows_what_cannot_be_loaded_and_goes_on) {
  const std::string answer = in_a_new_program([&] {
    load_backend(test_plugin("other").parent_path());
    std::string all;
    for (const Backend& backend : backends()) {
      all += backend.scheme + (backend.problem.empty() ? " " : "! ");
    }
    return all;
  });
  EXPECT_TRUE(says(answer, {"client! garbage! half! memory misnamed! ", "newer! nothing! other ", "unwilling! "}));
}

TEST_F(registry, many_threads_load_a_plugin_once) {
  EXPECT_EQ(in_a_new_program([&] {
              search(test_plugin("other").parent_path());
              std::vector<std::thread> threads;
              std::atomic<int> good = 0;
              threads.reserve(16);
              for (int i = 0; i < 16; ++i) {
                threads.emplace_back([&good, i] {
                  const bool found = i % 2 == 0 ? !opened("other://x").empty() : !listed("other").empty();
                  good += found ? 1 : 0;
                });
              }
              for (std::thread& thread : threads) thread.join();
              return std::to_string(good) + " " + listed("other");
            }),
            "16 " + test_plugin("other").string());
}

}  // namespace
}  // namespace mailroll
