#include "audience/snapshot_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audience/stored_bits.hpp"
#include "mailroll/audience/snapshot.hpp"
#include "mailroll/error.hpp"
#include "sodium.hpp"

namespace mailroll {

namespace detail {

namespace {

/// Of everything that follows the head, and then of the head.
class Digest {
 public:
  Digest() {
    require_sodium();
    crypto_generichash_init(&state_, nullptr, 0, sizeof SnapshotHead::digest);
  }
  void add(const void* bytes, std::size_t size) {
    crypto_generichash_update(&state_, static_cast<const unsigned char*>(bytes), size);
  }
  std::array<std::uint8_t, 32> of(SnapshotHead head) {
    head.digest = {};
    add(&head, sizeof head);
    crypto_generichash_final(&state_, head.digest.data(), head.digest.size());
    return head.digest;
  }

 private:
  crypto_generichash_state state_;
};

[[noreturn]] void not_written(const std::string& path, int error) {
  throw Error(ErrorKind::storage, "the snapshot cannot be saved as \"" + path + "\": " + std::strerror(error),
              {{"file", path}, {"reason", error == ENOSPC || error == EDQUOT ? "full" : "failed"}});
}

[[noreturn]] void damaged(const std::string& path) {
  throw Error(ErrorKind::storage,
              "the snapshot \"" + path + "\" is damaged: it is not what was saved; save it anew from the store",
              {{"file", path}, {"reason", "corrupt"}});
}

/// A file that takes the place of another when it is whole, and is gone otherwise.
class NewFile {
 public:
  explicit NewFile(std::string path) : path_(std::move(path)), unfinished_(path_ + ".XXXXXX") {
    descriptor_ = ::mkostemp(unfinished_.data(), O_CLOEXEC);  // readable by its owner alone
    if (descriptor_ < 0) not_written(path_, errno);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(unfinished_.c_str());
  }

  void write(const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
      const ssize_t step = ::write(descriptor_, at, size);
      if (step < 0 && errno == EINTR) continue;
      if (step < 0) not_written(path_, errno);
      at += step;
      size -= static_cast<std::size_t>(step);
    }
  }
  void begin_anew() {
    if (::lseek(descriptor_, 0, SEEK_SET) < 0) not_written(path_, errno);
  }
  void keep() {
    if (::fsync(descriptor_) != 0 || ::close(std::exchange(descriptor_, -1)) != 0 ||
        ::rename(unfinished_.c_str(), path_.c_str()) != 0) {
      not_written(path_, errno);
    }
    kept_ = true;
  }

 private:
  std::string path_;
  std::string unfinished_;
  int descriptor_ = -1;
  bool kept_ = false;
};

class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    const int problem = descriptor < 0 || ::fstat(descriptor, &status) != 0 ? errno : 0;
    if (problem == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      bytes_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    const int unmapped = bytes_ == MAP_FAILED ? errno : 0;
    if (descriptor >= 0) ::close(descriptor);
    if (problem == ENOENT) {
      throw Error(ErrorKind::not_found, "there is no file \"" + path + "\"; check the path", {{"file", path}});
    }
    if (problem != 0 || unmapped != 0) {
      throw Error(ErrorKind::invalid,
                  "the file \"" + path + "\" cannot be read: " + std::strerror(problem != 0 ? problem : unmapped),
                  {{"file", path}, {"reason", "unreadable"}});
    }
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (bytes_ != nullptr && bytes_ != MAP_FAILED) ::munmap(bytes_, size_);
  }
  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(bytes_), size_}; }

 private:
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
};

/// The head, of a file that is one of ours, of a version that is known, and as it was saved.
SnapshotHead checked_head(std::string_view file, const std::string& path) {
  SnapshotHead head;
  const std::size_t begun = std::min(file.size(), head.magic.size());
  if (begun == 0 || std::memcmp(file.data(), SnapshotHead::right_magic.data(), begun) != 0) {
    throw Error(ErrorKind::storage, "\"" + path + "\" is no snapshot of mailroll; is it the right file?",
                {{"file", path}, {"reason", "not_a_snapshot"}});
  }
  if (file.size() < sizeof head) damaged(path);
  std::memcpy(&head, file.data(), sizeof head);
  if (head.version > SnapshotHead::newest_version) {
    throw Error(ErrorKind::storage,
                "the snapshot \"" + path + "\" is of a newer mailroll, or damaged: its version is " +
                    std::to_string(head.version) + ", this one knows " + std::to_string(SnapshotHead::newest_version),
                {{"file", path}, {"reason", "newer_snapshot"}});
  }
  const std::size_t body = file.size() - sizeof head;
  if (head.version == 0 || head.size != file.size() || head.contacts > body / sizeof(ContactId) ||
      head.words > body - head.contacts * sizeof(ContactId)) {
    damaged(path);
  }
  Digest digest;
  digest.add(file.data() + sizeof head, body);
  if (digest.of(head) != head.digest) damaged(path);
  return head;
}

}  // namespace

void save_snapshot(const SnapshotColumns& given, const std::string& path) {
  std::optional<SnapshotColumns> anew;
  if (!given.ids.as_loaded()) anew = numbered_anew(given);  // the ids in a file ascend
  const SnapshotColumns& columns = anew ? *anew : given;
  NewFile file(path);
  SnapshotHead head;
  file.write(&head, sizeof head);  // once more at the end
  Digest digest;
  head.size = sizeof head;
  const auto add = [&](const void* bytes, std::size_t size) {
    file.write(bytes, size);
    digest.add(bytes, size);
    head.size += size;
  };
  add(columns.ids.loaded().data(), columns.ids.loaded().size_bytes());
  std::vector<std::size_t> lengths;
  for (const Bits* set : sets_of(columns)) {
    const std::string bytes = store_bits(*set);
    add(bytes.data(), bytes.size());
    lengths.push_back(bytes.size());
  }
  const std::string expiring = stored_expiring(columns);
  add(expiring.data(), expiring.size());
  const std::string words = words_of(columns, lengths);
  add(words.data(), words.size());
  head.contacts = columns.ids.contacts();
  head.words = words.size();
  head.digest = digest.of(head);
  file.begin_anew();
  file.write(&head, sizeof head);
  file.keep();
}

std::shared_ptr<const SnapshotColumns> map_snapshot(const std::string& path) {
  const auto mapping = std::make_shared<const Mapping>(path);
  std::string_view rest = mapping->bytes();
  const SnapshotHead head = checked_head(rest, path);
  rest.remove_prefix(sizeof head);
  auto columns = std::make_shared<SnapshotColumns>();
  const std::span ids(reinterpret_cast<const ContactId*>(rest.data()), head.contacts);
  columns->ids = SnapshotIds(ids, mapping, true);
  rest.remove_prefix(ids.size_bytes());
  // A digest can be made by anybody: nothing in the file is trusted to be what a snapshot would have saved.
  try {
    if (!std::ranges::is_sorted(ids, std::ranges::less_equal())) throw std::runtime_error("ids");
    const std::size_t sets = rest.size() - head.words;
    read_words(rest.substr(sets), rest.substr(0, sets), *columns);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    damaged(path);
  }
  return columns;
}

}  // namespace detail

void Snapshot::save(const std::string& path) const { detail::save_snapshot(*columns_, path); }

Snapshot Snapshot::map(const std::string& path) { return Snapshot(detail::map_snapshot(path)); }

}  // namespace mailroll
