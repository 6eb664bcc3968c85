#include "mailroll/audience/follower.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace detail {

namespace {

/// Half of the second that the latest may be old: the other half is for the refresh itself.
constexpr std::chrono::milliseconds refresh_every{500};

}  // namespace

class Following {
 public:
  Following(Roll roll, Clock clock, Snapshot first)
      : roll_(std::move(roll)), clock_(std::move(clock)), latest_(std::move(first)), thread_([this] { run(); }) {}
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;
  ~Following() { stop(); }

  [[nodiscard]] Snapshot latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }
  [[nodiscard]] std::chrono::microseconds age() const { return latest().age(clock_()); }
  [[nodiscard]] std::optional<Error> error() const {
    const std::lock_guard lock(mutex_);
    return error_;
  }
  void stop() noexcept {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    to_stop_.notify_all();
    const std::lock_guard joining(joining_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  using Steady = std::chrono::steady_clock;

  void run() {
    Steady::time_point next = Steady::now() + refresh_every;
    std::unique_lock lock(mutex_);
    while (!to_stop_.wait_until(lock, next, [this] { return stopping_; })) {
      const Snapshot older = latest_;
      lock.unlock();
      const Steady::time_point began = Steady::now();
      const bool reloaded = refresh(older);
      const Steady::time_point ended = Steady::now();
      // Whoever has no log is not read all the time.
      next = std::max(began + refresh_every, reloaded ? ended + (ended - began) : ended);
      lock.lock();
    }
  }

  /// Whether the whole team was read.
  bool refresh(const Snapshot& older) {
    std::optional<Error> error;
    try {
      Refreshed refreshed = roll_.refresh(older, [this](const Progress&) { return !is_stopping(); });
      const std::lock_guard lock(mutex_);
      latest_ = std::move(refreshed.snapshot);
      error_.reset();
      return refreshed.reloaded;
    } catch (const Error& failed) {
      error.emplace(failed);
    } catch (const std::exception&) {
      error.emplace(ErrorKind::storage, "the snapshot could not be refreshed; the last one is kept",
                    ErrorDetails{{"reason", "failed"}});
    }
    const std::lock_guard lock(mutex_);
    if (!stopping_) error_ = std::move(error);
    return false;
  }

  [[nodiscard]] bool is_stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  const Roll roll_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::condition_variable to_stop_;
  bool stopping_ = false;
  Snapshot latest_;
  std::optional<Error> error_;
  std::mutex joining_;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace detail

Follower::Follower(std::unique_ptr<detail::Following> following) : following_(std::move(following)) {}
Follower::Follower(Follower&&) noexcept = default;
Follower& Follower::operator=(Follower&&) noexcept = default;
Follower::~Follower() = default;

Snapshot Follower::latest() const { return following_->latest(); }
std::chrono::microseconds Follower::age() const { return following_->age(); }
std::optional<Error> Follower::error() const { return following_->error(); }
void Follower::stop() noexcept { following_->stop(); }

Follower Roll::follow(const std::optional<Snapshot>& from, const ProgressFunction& progress) const {
  Snapshot first = from ? refresh(*from, progress).snapshot : snapshot(progress);
  return Follower(std::make_unique<detail::Following>(*this, state_->clock, std::move(first)));
}

}  // namespace mailroll
