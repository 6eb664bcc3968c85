#include <algorithm>
#include <iostream>

#include "conformance/case.hpp"
#include "conformance/command_line.hpp"
#include "mailroll/roll.hpp"
#include "mailroll/store/registry.hpp"

namespace mailroll::conformance {
namespace {

enum ExitCode { passed = 0, failed = 1, not_tried = 2 };

std::string words_of(const Capabilities& capabilities) {
  std::string words;
  for (const Capability capability : capabilities) {
    words += words.empty() ? "" : ", ";
    words += to_string(capability);
  }
  return words;
}

std::vector<Case> cases_meant(const std::string& only) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& one) { return !is_meant(only, one.name); });
  if (cases.empty()) throw UsageError("--only means no case; see mailroll-conformance --list");
  return cases;
}

/// What went wrong; nothing where the case passed.
std::optional<std::string> failure_of(const Case& one, Trial& trial) {
  try {
    one.run(trial);
    return std::nullopt;
  } catch (const Broken& broken) {
    return broken.what();
  } catch (const Error& error) {
    return "an error where none is due: " + said(error);
  } catch (const std::exception&) {
    // Nobody knows what its text holds.
    return "an exception that is no mailroll::Error, which alone may leave a store";
  }
}

class Report {
 public:
  explicit Report(const std::optional<Capabilities>& allowed_skips) : allowed_skips_(allowed_skips) {}

  /// Says which case comes, before it does: where a store hangs or ends the program, the last line tells in which.
  void begin(std::string_view name) { std::cout << name << ": " << std::flush; }
  void pass() { print("ok"), ++passed_; }
  void fail(const std::string& text) { print("FAILED\n  " + text), ++failed_; }
  void skip(const Capabilities& missing) {
    const bool allowed = !allowed_skips_ ||
                         std::includes(allowed_skips_->begin(), allowed_skips_->end(), missing.begin(), missing.end());
    if (!allowed) return fail("skipped, which is not allowed: the store is without " + words_of(missing));
    print("skipped, without " + words_of(missing));
    ++skipped_;
  }
  int end() {
    std::cout << passed_ << " passed, " << failed_ << " failed, " << skipped_ << " skipped" << std::endl;
    return failed_ == 0 ? ExitCode::passed : ExitCode::failed;
  }

 private:
  static void print(const std::string& verdict) { std::cout << verdict << std::endl; }

  const std::optional<Capabilities>& allowed_skips_;
  int passed_ = 0;
  int failed_ = 0;
  int skipped_ = 0;
};

std::shared_ptr<Store> open_empty(const std::string& url) {
  std::shared_ptr<Store> store = open_store(url);
  const std::unique_ptr<Session> session = store->connect();
  if (!session->teams().empty() || !session->keys().empty()) {
    throw UsageError("the store at --db is not empty; give the address of a new one, which can be thrown away");
  }
  return store;
}

int run_cases(const Arguments& arguments) {
  const std::vector<Case> cases = cases_meant(arguments.only);
  std::shared_ptr<Store> store = open_empty(arguments.settings.store.url);
  const Capabilities can = store->capabilities();
  std::cout << "mailroll-conformance " << version() << " on " << store->name() << "\ncan: " << words_of(can)
            << "\nseed: " << arguments.settings.seed << " (--seed), rounds: " << arguments.settings.rounds << std::endl;
  Report report(arguments.allowed_skips);
  for (const Capability capability : arguments.allowed_skips.value_or(Capabilities{})) {
    if (!can.contains(capability)) continue;
    report.begin("--allow-skips");
    report.fail("the store has " + std::string(to_string(capability)) + "; take it out of the list");
  }
  for (const Case& one : cases) {
    report.begin(one.name);
    Capabilities missing;
    std::set_difference(one.needs.begin(), one.needs.end(), can.begin(), can.end(),
                        std::inserter(missing, missing.end()));
    if (!missing.empty()) {
      report.skip(missing);
      continue;
    }
    Trial trial(store, arguments.settings, one.name);
    const std::optional<std::string> failure = failure_of(one, trial);
    if (failure) {
      report.fail(*failure);
    } else {
      report.pass();
    }
  }
  return report.end();
}

int run(const std::vector<std::string>& words) {
  try {
    const Arguments arguments = parse_command_line(words);
    for (const std::string& path : arguments.settings.store.backend_paths) load_backend(path);
    if (arguments.help) {
      std::cout << help_text();
    } else if (arguments.version) {
      std::cout << "mailroll-conformance " << version() << '\n';
    } else if (arguments.list) {
      for (const Case& one : cases_meant(arguments.only)) {
        std::cout << one.name << (one.needs.empty() ? "" : ": needs " + words_of(one.needs)) << '\n';
      }
    } else if (arguments.work) {
      do_work(*arguments.work);
    } else {
      return run_cases(arguments);
    }
    return ExitCode::passed;
  } catch (const UsageError& error) {
    std::cerr << "mailroll-conformance: " << error.what() << '\n';
  } catch (const Broken& broken) {
    std::cerr << broken.what() << '\n';
    return ExitCode::failed;
  } catch (const Error& error) {
    std::cerr << "mailroll-conformance: " << said(error) << '\n';
  }
  return ExitCode::not_tried;
}

}  // namespace
}  // namespace mailroll::conformance

int main(int count, char** words) {
  return mailroll::conformance::run(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count));
}
