#include "jsonl_file.hpp"

#include <cerrno>
#include <chrono>
#include <exception>
#include <thread>

#include <fcntl.h>
#include <mailroll/error.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace jsonl {
namespace {

bool same_file(const Descriptor& one, const Descriptor& other) {
  struct stat a {};
  struct stat b {};
  return one && other && ::fstat(one.number(), &a) == 0 && ::fstat(other.number(), &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

/// False: see errno.
bool read_all(const Descriptor& file, std::string& text) {
  char piece[1 << 16];
  for (;;) {
    const ssize_t count = ::read(file.number(), piece, sizeof piece);
    if (count == 0) return true;
    if (count > 0) {
      text.append(piece, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      return false;
    }
  }
}

bool write_all(const Descriptor& file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

JsonlFile::JsonlFile(std::filesystem::path path, std::string name) : path_(std::move(path)), name_(std::move(name)) {
  if (std::error_code unknown; !std::filesystem::exists(path_, unknown)) {
    const Descriptor mine = lock();
    // Somebody may have been quicker.
    if (!std::filesystem::exists(path_, unknown)) replace(std::make_shared<State>());
  }
  committed();
}

void JsonlFile::fail(const char* reason, const std::string& what) const {
  throw Error(ErrorKind::storage, "the store " + name_ + " " + what, {{"reason", reason}});
}

void JsonlFile::fail_by_errno(const char* what) const {
  switch (errno) {
    case ENOSPC:
    case EDQUOT: fail("full", std::string("has no room left: ") + what);
    case EROFS:
    case EACCES:
    case EPERM: fail("read_only", std::string("may not be written here: ") + what);
    case ENOENT:
    case ENOTDIR: fail("unreachable", std::string("is not there: ") + what);
    default: fail("failed", what + std::string(" (errno ") + std::to_string(errno) + ")");
  }
}

std::shared_ptr<const State> JsonlFile::committed() {
  const std::lock_guard lock(mutex_);
  Descriptor now(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!now) fail("unreachable", "cannot be read; is the file there, and may it be read?");
  if (same_file(now, read_from_)) return state_;
  std::string text;
  if (!read_all(now, text)) fail_by_errno("cannot be read");
  try {
    state_ = std::make_shared<const State>(state_of(text));
  } catch (const Unreadable& unreadable) {
    switch (unreadable.why) {
      case Unreadable::Why::other_file: fail("not_a_database", "is another kind of file; nothing was changed");
      case Unreadable::Why::newer: fail("newer_schema", "was written by a newer version of this backend");
      case Unreadable::Why::corrupt: fail("corrupt", "holds a line that this backend did not write");
    }
  }
  read_from_ = std::move(now);
  return state_;
}

Descriptor JsonlFile::lock() const {
  Descriptor file(::open((path_.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) fail_by_errno("its lock file cannot be opened");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) fail_by_errno("cannot be locked");
    if (std::chrono::steady_clock::now() > end) {
      fail("busy", "has been written by another session for 30 seconds; try again later");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return file;
}

void JsonlFile::replace(std::shared_ptr<State> state) {
  std::string text;
  try {
    text = text_of(*state);
  } catch (const std::exception&) {
    fail("failed", "cannot hold a text that is no UTF-8");
  }
  Descriptor made(::open(part().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!made) fail_by_errno("no file can be made beside it");
  if (!write_all(made, text) || ::fsync(made.number()) != 0) {
    const int why = errno;
    ::unlink(part().c_str());
    errno = why;
    fail_by_errno("it was not written");
  }
  const std::lock_guard lock(mutex_);
  if (::rename(part().c_str(), path_.c_str()) != 0) fail_by_errno("it could not be replaced");
  state_ = std::move(state);
  read_from_ = std::move(made);
  // The new name is durable when the folder is.
  const Descriptor folder(::open(path_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.number()) != 0) fail_by_errno("its folder could not be synced");
}

void JsonlFile::tidy() const { ::unlink(part().c_str()); }

}  // namespace jsonl
