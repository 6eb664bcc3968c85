/// The memory store, which is the reference, beside the store on trial: every call is made on both, and must answer alike.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/trial.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll::conformance {

/// A session of one of the two, and the teams of the case as that store numbers them.
struct Side {
  std::unique_ptr<Session> session;
  std::vector<TeamNumber> teams;
  bool reference = false;
};

class BesideReference {
 public:
  BesideReference(Side reference, Side store) : reference_(std::move(reference)), store_(std::move(store)) {}

  [[nodiscard]] Side& reference() { return reference_; }
  [[nodiscard]] Side& store() { return store_; }

  /// What `call(Side&)` answers on both, or "error KIND REASON". Throws Broken where they differ. After an error both
  /// have done nothing, since a transaction that was open is rolled back, as the port wants of a caller.
  template <typename Call>
  std::string same(const char* what, Call call) {
    const std::string expected = answer(call, reference_);
    expect_same(answer(call, store_), expected, "call " + std::to_string(++calls_) + ", " + what);
    return expected;
  }
  template <typename Call>
  std::string same_change(const char* what, Call call) {
    return same(what, [&](Side& side) {
      call(side);
      return std::string("done");
    });
  }

 private:
  template <typename Call>
  static std::string answer(Call& call, Side& side) {
    std::string text;
    std::string error = outcome([&] { text = call(side); });
    if (error == "done") return text;
    side.session->rollback();
    return error;
  }

  Side reference_;
  Side store_;
  int calls_ = 0;
};

inline bool is_error(const std::string& answer) { return answer.starts_with("error "); }

}  // namespace mailroll::conformance
