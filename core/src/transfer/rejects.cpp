#include "mailroll/transfer/rejects.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "mailroll/error.hpp"

namespace mailroll {
namespace {

constexpr std::size_t buffered = std::size_t{1} << 16;

// Column names and paths come from outside and may be anything.
std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

RejectsFile::RejectsFile(std::string path, const HashKey& key) : path_(std::move(path)), key_(key) {}

RejectsFile::~RejectsFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void RejectsFile::failed(int error) {
  throw Error(
      ErrorKind::storage,
      "the rejects file \"" + path_ + "\" cannot be written: " + std::strerror(error) + "; name another with --rejects",
      {{"file", path_}, {"reason", error == ENOSPC || error == EDQUOT ? "full" : "failed"}});
}

void RejectsFile::open() {
  std::string name = path_ + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
  if (descriptor_ < 0) failed(errno);
  temporary_ = std::move(name);
}

void RejectsFile::flush() {
  std::size_t written = 0;
  while (written < buffer_.size()) {
    const ssize_t step = ::write(descriptor_, buffer_.data() + written, buffer_.size() - written);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) failed(errno);
    written += static_cast<std::size_t>(step);
  }
  buffer_.clear();
}

void RejectsFile::add(std::string_view file, std::uint64_t row, std::uint64_t line, std::string_view column,
                      RejectReason reason, std::string_view value) {
  ++by_reason_[static_cast<std::size_t>(reason)];
  if (path_.empty()) return;
  if (descriptor_ < 0) open();
  buffer_ += "{\"file\": " + json_text(file) + ", \"row\": " + std::to_string(row);
  if (line > 0) buffer_ += ", \"line\": " + std::to_string(line);
  buffer_ += ", \"column\": " + json_text(column) + ", \"reason\": " + json_text(to_string(reason)) +
             ", \"value_hmac\": " + json_text(value_hmac(key_, value)) + "}\n";
  if (buffer_.size() >= buffered) flush();
}

void RejectsFile::close() {
  if (descriptor_ < 0) return;
  flush();
  const int closed = ::close(std::exchange(descriptor_, -1));
  if (closed != 0) failed(errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) failed(errno);
  temporary_.clear();
}

std::uint64_t RejectsFile::count() const {
  return std::accumulate(by_reason_.begin(), by_reason_.end(), std::uint64_t{0});
}

}  // namespace mailroll
