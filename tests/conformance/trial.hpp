/// What a case works with: the store on trial, a team of its own, and the words in which it fails.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/error.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

/// A promise is broken. The text is for people, and holds ids, numbers and names of operations: never an address.
class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where the store on trial is.
struct StoreAddress {
  std::string url;
  std::vector<std::string> backend_paths;  ///< plugins' files, or folders of them
};

/// How the program was called.
struct Settings {
  StoreAddress store;
  std::uint64_t seed = 0;
  int rounds = 4;  ///< of each case that draws at random
};

class Trial {
 public:
  Trial(std::shared_ptr<Store>& store, const Settings& settings, std::string_view name)
      : store_(store), settings_(settings), name_(name) {}

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::unique_ptr<Session> connect() { return store_->connect(); }
  /// Lets go of the store and opens its address again. Sessions must be gone.
  void reopen();
  /// A new team, whose name nobody has used: cases share one store, and teams are what keeps them apart.
  Team new_team();

  [[nodiscard]] const StoreAddress& address() const { return settings_.store; }
  [[nodiscard]] const std::string& url() const { return settings_.store.url; }
  [[nodiscard]] int rounds() const { return settings_.rounds; }
  /// Of one round, from 0; the first is what --seed gives.
  [[nodiscard]] std::uint64_t seed(int round) const { return settings_.seed + static_cast<std::uint64_t>(round); }

 private:
  std::shared_ptr<Store>& store_;
  const Settings& settings_;
  std::string_view name_;
  int teams_ = 0;
};

/// Throws Broken, with these words, where `holds` is false.
void expect(bool holds, std::string_view what);

/// Throws Broken where two texts differ: `what`, and the first line in which they do.
void expect_same(const std::string& found, const std::string& expected, std::string_view what);

/// Whether a text holds what looks like somebody's address. The address of a store (a word with ://) is none.
bool holds_an_address(const std::string& text);

/// An error in words that may be shown: kind, reason and text; not the text where it holds an address, which none may.
std::string said(const Error& error);

/// "done", or "error KIND REASON" of what `call` throws.
template <typename Call>
std::string outcome(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return "error " + std::string(to_string(error.kind())) + " " + error.reason();
  }
  return "done";
}

}  // namespace mailroll::conformance
