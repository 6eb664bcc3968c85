/// The file: who may write it, and how it is read and replaced.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "state.hpp"

namespace jsonl {

/// A file descriptor that is closed once.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// One for all sessions of a store. Thread-safe, and safe beside other processes.
///
/// The file is never changed: a commit writes the whole of it under another name, syncs that, and puts it in its place, so
/// that whoever reads, at any moment and after any crash, reads one state. Writers exclude each other by a lock on a file
/// beside it, <path>.lock, which stays.
class JsonlFile {
 public:
  /// Makes the file where there is none. `name` is what errors call it.
  JsonlFile(std::filesystem::path path, std::string name);

  /// What is committed; read again only where another process has replaced it.
  std::shared_ptr<const State> committed();
  /// Waits for every other writer (Error busy after 30 seconds). The lock goes with the descriptor.
  [[nodiscard]] Descriptor lock() const;
  /// Makes `state` what is committed, durably. Needs the lock.
  void replace(std::shared_ptr<State> state);
  /// Deletes what a writer that was killed may have left behind. Needs the lock.
  void tidy() const;

 private:
  [[nodiscard]] std::string part() const { return path_.string() + ".new"; }
  [[noreturn]] void fail(const char* reason, const std::string& what) const;
  [[noreturn]] void fail_by_errno(const char* what) const;

  std::filesystem::path path_;
  std::string name_;
  std::mutex mutex_;
  std::shared_ptr<const State> state_;
  Descriptor read_from_;  ///< kept open, so that no other file can get its number while we compare
};

}  // namespace jsonl
