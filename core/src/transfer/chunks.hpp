/// The transactions of a pass: one session, taken for the whole of it, and a transaction for each chunk of contacts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "roll/roll_state.hpp"
#include "transfer/merge_rules.hpp"

namespace mailroll::detail {

class Chunks {
 public:
  /// For looking: transactions that read.
  explicit Chunks(RollState& roll);
  /// For writing: `kind` and `source` are those of the run row, which is put with the first change and finished with the
  /// last chunk. A run of the same input that was interrupted is taken up.
  Chunks(RollState& roll, std::string kind, std::string source);
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;
  ~Chunks();

  [[nodiscard]] bool writing() const { return writing_; }
  /// The session, inside a transaction.
  Session& session();
  /// To be said before the first change inside the transaction.
  void changing();
  /// Ends the transaction. Returns the session to the pool where it is the only one there is.
  void end();
  /// Ends the last transaction; finishes the run.
  void finish();
  /// Undoes the transaction that is open, or of which nobody knows how it ended.
  void abandon();
  /// Returns the session to the pool.
  void give_back();

  /// Runs `work(session)` in a transaction of its own, and again where that may help; `work` must be able to begin anew.
  template <typename Work>
  void whole(Work work) {
    Retries retries(roll_);
    for (;;) {
      try {
        work(session());
        end();
        return;
      } catch (const Error& error) {
        if (!writing_ || !retries.again(error)) throw;
        abandon();
      }
    }
  }

 private:
  struct Taken {
    explicit Taken(RollState& roll) : session(roll.session()) {}
    PooledSession session;
  };
  void find_run();

  RollState& roll_;
  bool writing_;
  Run run_;
  bool run_begun_ = false;
  bool run_stored_ = false;  ///< ... and committed
  bool open_ = false;
  bool changed_ = false;
  std::unique_ptr<Taken> taken_;
};

/// Throws Error(conflict) where a segment or topic that the rules name was deleted meanwhile.
void check_targets(Session& session, TeamNumber team, const MergeRules& rules);

}  // namespace mailroll::detail
