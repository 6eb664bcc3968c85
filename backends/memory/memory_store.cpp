#include "memory/memory_store.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "mailroll/error.hpp"
#include "memory/memory_session.hpp"

namespace mailroll::detail {

std::shared_ptr<const MemoryState> MemoryStates::committed() const {
  const std::lock_guard lock(mutex_);
  return committed_;
}

std::pair<std::shared_ptr<MemoryState>, std::uint64_t> MemoryStates::begin_write() {
  std::unique_lock lock(mutex_);
  if (!writer_left_.wait_for(lock, std::chrono::seconds(30), [this] { return !writing_; })) {
    throw Error(ErrorKind::storage, "another session has been writing to this store for 30 seconds; try again later",
                {{"reason", "busy"}});
  }
  auto working = std::make_shared<MemoryState>(*committed_);
  writing_ = true;
  return {std::move(working), ++transactions_};
}

void MemoryStates::end_write(std::shared_ptr<const MemoryState> result) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (result) committed_ = std::move(result);
    writing_ = false;
  }
  writer_left_.notify_one();
}

namespace {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::string name) : name_(std::move(name)) {}

  std::unique_ptr<Session> connect() override { return std::make_unique<MemorySession>(states_); }
  [[nodiscard]] int max_sessions() const override { return 64; }
  [[nodiscard]] Capabilities capabilities() const override {
    return {Capability::several_sessions, Capability::forgets};
  }
  int schema_version() override { return 0; }
  [[nodiscard]] int newest_schema_version() const override { return 0; }
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  std::string name_;
  std::shared_ptr<MemoryStates> states_ = std::make_shared<MemoryStates>();
};

}  // namespace

std::shared_ptr<Store> open_memory_store(const std::string& address) { return std::make_shared<MemoryStore>(address); }

}  // namespace mailroll::detail
