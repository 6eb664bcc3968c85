#include "progress_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace mailroll::cli {
namespace {

constexpr std::size_t widest_bar = 30;

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (kind == nullptr || std::string_view(kind) != "dumb");
}

std::size_t columns_of_terminal() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string amount(std::uint64_t number, bool bytes) {
  return bytes ? std::to_string(number / 1048576) + " MiB" : std::to_string(number);
}

std::string line_of(const Progress& progress) {
  const bool bytes = progress.phase == "read";
  std::string text(progress.phase);
  text += " ";
  if (progress.total == 0) return text + amount(progress.done, bytes);
  const double part = std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(widest_bar));
  text += "[" + std::string(filled, '#') + std::string(widest_bar - filled, '.') + "] ";
  text += std::to_string(static_cast<int>(part * 100)) + " %  ";
  return text + amount(progress.done, bytes) + " of " + amount(progress.total, bytes);
}

}  // namespace

ProgressBar::ProgressBar(bool wanted) : is_shown_(wanted && is_terminal()) {}

ProgressBar::~ProgressBar() {
  if (is_drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::draw(const Progress& progress) {
  if (!is_shown_) return;
  // A line that wraps cannot be redrawn.
  const std::string line = line_of(progress).substr(0, columns_of_terminal() - 1);
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  is_drawn_ = true;
}

}  // namespace mailroll::cli
