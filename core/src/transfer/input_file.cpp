#include "mailroll/transfer/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailroll/error.hpp"
#include "sodium.hpp"

namespace mailroll {
namespace {

constexpr std::size_t digest_bytes = 16;
static_assert(sizeof(crypto_generichash_state) == 384);

[[noreturn]] void unreadable(const std::string& path, const std::string& shown, int error) {
  throw Error(ErrorKind::invalid,
              shown + " cannot be read: " + std::strerror(error) + "; check the file and who may read it",
              {{"file", path}, {"reason", "unreadable"}});
}

crypto_generichash_state* state_of(unsigned char* bytes) { return reinterpret_cast<crypto_generichash_state*>(bytes); }

}  // namespace

ContentDigest::ContentDigest() : state_{} {
  detail::require_sodium();
  crypto_generichash_init(state_of(state_.data()), nullptr, 0, digest_bytes);
}

void ContentDigest::update(std::string_view bytes) {
  crypto_generichash_update(state_of(state_.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

std::string ContentDigest::hex() const {
  ContentDigest copy = *this;  // finishing destroys the state
  std::array<unsigned char, digest_bytes> hash{};
  crypto_generichash_final(state_of(copy.state_.data()), hash.data(), hash.size());
  std::string text(2 * hash.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

InputFile InputFile::open(const std::string& path, std::shared_ptr<ContentDigest> digest, std::size_t block) {
  block = std::max<std::size_t>(block, 1);
  if (path == "-") return InputFile(path, STDIN_FILENO, 0, std::move(digest), block);

  const std::string shown = "\"" + path + "\"";
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR || path.empty()) {
      throw Error(ErrorKind::not_found, "there is no file " + shown + "; check the path",
                  {{"file", path}, {"reason", "no_such_file"}});
    }
    unreadable(path, shown, error);
  }
  InputFile file(path, descriptor, 0, std::move(digest), block);
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) unreadable(path, shown, errno);
  if (S_ISDIR(about.st_mode)) {
    throw Error(ErrorKind::invalid, shown + " is a folder, not a file; name a file in it",
                {{"file", path}, {"reason", "folder"}});
  }
  if (S_ISREG(about.st_mode)) file.size_ = static_cast<std::uint64_t>(about.st_size);
  return file;
}

InputFile::InputFile(std::string path, int descriptor, std::uint64_t size, std::shared_ptr<ContentDigest> digest,
                     std::size_t block)
    : path_(std::move(path)), descriptor_(descriptor), size_(size), digest_(std::move(digest)), block_(block) {}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      bytes_read_(other.bytes_read_),
      digest_(std::move(other.digest_)),
      block_(other.block_),
      peeked_(std::move(other.peeked_)),
      peeked_taken_(other.peeked_taken_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  if (this != &other) {
    this->~InputFile();
    new (this) InputFile(std::move(other));
  }
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);  // standard input is not ours to close
}

std::string InputFile::shown() const { return path_ == "-" ? std::string("standard input") : "\"" + path_ + "\""; }

std::size_t InputFile::read_descriptor(char* there, std::size_t room) {
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, there, room);
  } while (got < 0 && errno == EINTR);
  if (got < 0) unreadable(path_, shown(), errno);
  return static_cast<std::size_t>(got);
}

std::string_view InputFile::peek() {
  if (peeked_.empty() && bytes_read_ == 0) {
    peeked_.resize(block_);
    std::size_t length = 0;
    while (length < block_) {  // a pipe may give less than it has
      const std::size_t got = read_descriptor(peeked_.data() + length, block_ - length);
      if (got == 0) break;
      length += got;
    }
    peeked_.resize(length);
  }
  return peeked_;
}

std::size_t InputFile::read(char* there, std::size_t room) {
  room = std::min(room, block_);
  std::size_t got = 0;
  if (peeked_taken_ < peeked_.size()) {
    got = std::min(room, peeked_.size() - peeked_taken_);
    std::memcpy(there, peeked_.data() + peeked_taken_, got);
    peeked_taken_ += got;
    if (peeked_taken_ == peeked_.size()) {
      std::string().swap(peeked_);
      peeked_taken_ = 0;
    }
  } else {
    got = read_descriptor(there, room);
  }
  bytes_read_ += got;
  if (digest_) digest_->update({there, got});
  return got;
}

}  // namespace mailroll
