#include "transfer/spool.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

std::string temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
}

[[noreturn]] void fail(const char* what, int code) {
  const bool full = code == ENOSPC || code == EDQUOT;
  throw Error(ErrorKind::storage,
              full ? "the temporary folder " + temporary_folder() + " is full: free space there, or set TMPDIR"
                   : std::string("could not ") + what + " a temporary file in " + temporary_folder() + " (" +
                         std::generic_category().message(code) + "): set TMPDIR to a folder that can be written",
              {{"reason", full ? "full" : "failed"}, {"file", temporary_folder()}});
}

}  // namespace

UnnamedFile::~UnnamedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void UnnamedFile::open() {
  std::string folder = temporary_folder() + "/mailroll-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) fail("make", errno);  // mode 0700
  const std::string path = folder + "/rows";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const int code = errno;
  if (descriptor_ >= 0) ::unlink(path.c_str());
  ::rmdir(folder.c_str());
  if (descriptor_ < 0) fail("make", code);
}

std::uint64_t UnnamedFile::append(std::string_view bytes) {
  if (descriptor_ < 0) open();
  const std::uint64_t start = size_;
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("write", written < 0 ? errno : ENOSPC);
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return start;
}

void UnnamedFile::read(std::uint64_t start, char* there, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, there, size, static_cast<off_t>(start));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("read", got < 0 ? errno : EIO);
    start += static_cast<std::uint64_t>(got);
    there += got;
    size -= static_cast<std::size_t>(got);
  }
}

Spool::Spool(std::size_t partitions, std::size_t memory_budget) : partitions_(partitions), budget_(memory_budget) {}

void Spool::append(std::size_t partition, std::string_view record) {
  std::string& tail = partitions_[partition].tail;
  const std::size_t before = tail.capacity();
  tail.append(record);
  in_memory_ += tail.capacity() - before;
  if (in_memory_ > budget_) spill();
}

void Spool::spill() {
  // Everything at once: each partition's share of the budget makes one extent, so that extents stay few.
  for (Partition& partition : partitions_) {
    if (partition.tail.empty()) continue;
    const std::uint64_t start = file_.append(partition.tail);
    partition.extents.push_back({start, partition.tail.size()});
    std::string().swap(partition.tail);
  }
  in_memory_ = 0;
}

void Spool::load(std::size_t partition, std::string& out) const {
  const Partition& from = partitions_[partition];
  std::size_t size = from.tail.size();
  for (const Extent& extent : from.extents) size += extent.size;
  out.resize(size);
  char* there = out.data();
  for (const Extent& extent : from.extents) {
    file_.read(extent.start, there, extent.size);
    there += extent.size;
  }
  from.tail.copy(there, from.tail.size());
}

}  // namespace mailroll::detail
