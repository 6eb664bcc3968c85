/// Where results go: a file descriptor, buffered, whose failures are noticed.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace mailroll::cli {

/// Whoever read our results has gone (`| head`). Nothing went wrong; there is only nobody left to write to.
struct ReaderGone {};

/// The results could not be written, e.g. because the disk is full.
class OutputFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Output {
 public:
  /// Does not own the descriptor. `name` is what an error calls it.
  Output(int descriptor, std::string name);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Throws ReaderGone or OutputFailed, as flush() does.
  void write(std::string_view text);
  /// Nothing is written at the end by itself: an unnoticed failure there would be a lost result.
  void flush();
  [[nodiscard]] bool is_terminal() const { return is_terminal_; }

 private:
  int descriptor_;
  std::string name_;
  bool is_terminal_;
  std::string buffer_;
};

}  // namespace mailroll::cli
