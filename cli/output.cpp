#include "output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <unistd.h>

namespace mailroll::cli {
namespace {

constexpr std::size_t buffer_size = 65536;

}  // namespace

Output::Output(int descriptor, std::string name)
    : descriptor_(descriptor), name_(std::move(name)), is_terminal_(::isatty(descriptor) == 1) {
  buffer_.reserve(buffer_size);
}

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_size) flush();
}

void Output::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
      continue;
    }
    if (errno == EINTR) continue;
    const int problem = errno;
    buffer_.clear();
    if (problem == EPIPE) throw ReaderGone{};
    throw OutputFailed("cannot write to " + name_ + ": " + std::strerror(problem));
  }
  buffer_.clear();
}

}  // namespace mailroll::cli
