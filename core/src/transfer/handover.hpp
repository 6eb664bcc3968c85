/// Work on two threads: one makes, the other takes.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace mailroll::detail {

/// A short queue between one thread that puts and one that takes. Whichever ends first, the other learns of it.
template <typename Item>
class Handover {
 public:
  explicit Handover(std::size_t room) : room_(room) {}

  /// Waits for room. False: nobody takes any more.
  bool put(Item item) {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return items_.size() < room_ || abandoned_; });
    if (abandoned_) return false;
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }

  /// Whether put() would wait.
  bool full() {
    const std::lock_guard guard(mutex_);
    return items_.size() >= room_ && !abandoned_;
  }

  /// Waits for an item. Nothing: there will be no more.
  std::optional<Item> take() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return !items_.empty() || ended_; });
    if (items_.empty()) return std::nullopt;
    std::optional<Item> item(std::move(items_.front()));
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

  /// Nothing more will be put; what is there can still be taken.
  void end() {
    const std::lock_guard guard(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  /// Nothing more will be taken.
  void abandon() {
    const std::lock_guard guard(mutex_);
    abandoned_ = true;
    items_.clear();
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  std::size_t room_;
  bool ended_ = false;
  bool abandoned_ = false;
};

/// A thread whose failure is the failure of whoever joins it.
class Companion {
 public:
  template <typename Work>
  explicit Companion(Work work)
      : thread_([this, work = std::move(work)]() mutable {
          try {
            work();
          } catch (...) {
            failure_ = std::current_exception();
          }
        }) {}
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;
  ~Companion() {
    if (thread_.joinable()) thread_.join();
  }

  /// Waits for the end; throws what the thread threw.
  void join() {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::exception_ptr failure_;
  std::thread thread_;  // last: it uses the other
};

}  // namespace mailroll::detail
