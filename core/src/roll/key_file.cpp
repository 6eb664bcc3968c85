#include "roll/key_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "hex.hpp"
#include "mailroll/error.hpp"
#include "roll/keyring.hpp"

namespace mailroll::detail {

namespace {

std::string lines_of(const std::vector<StoredKey>& keys) {
  std::string text =
      "# Keys of a mailroll store. Whoever has them can compute contact ids and sign links: keep them secret,\n"
      "# and keep a copy: without the hash keys the store does not open.\n";
  for (const StoredKey& key : keys) {
    text += std::string(to_string(key.kind)) + ' ' + std::to_string(key.id) + ' ' +
            to_hex(key.secret->data(), key.secret->size()) + '\n';
  }
  return text;
}

bool is_durable(int descriptor) { return ::fsync(descriptor) == 0; }

}  // namespace

KeyFile::KeyFile(std::string path, const std::vector<StoredKey>& keys) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0 && errno == EEXIST) {
    throw Error(ErrorKind::conflict, "there is a file \"" + path_ + "\" already; name one that is not there yet",
                {{"reason", "file_exists"}, {"file", path_}});
  }
  if (descriptor_ < 0) failed(errno);
  made_ = true;
  // A destructor is run only where the constructor came to its end.
  try {
    std::string text = lines_of(keys);
    write(text);
    sodium_memzero(text.data(), text.size());
    const OutsideKeys read = read_key_file(path_);
    const bool whole = std::ranges::all_of(keys, [&](StoredKey key) {
      key.secret.reset();
      return find_secret(key, read).has_value();
    });
    if (!whole) failed(EIO);
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    ::unlink(path_.c_str());
    throw;
  }
}

KeyFile::~KeyFile() {
  if (made_ && !kept_) ::unlink(path_.c_str());
}

void KeyFile::write(const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t step = ::write(descriptor_, text.data() + written, text.size() - written);
    if (step < 0 && errno == EINTR) continue;
    if (step < 0) failed(errno);
    written += static_cast<std::size_t>(step);
  }
  if (!is_durable(descriptor_)) failed(errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) failed(errno);
  // The file's name is durable only with its folder.
  const std::filesystem::path folder = std::filesystem::absolute(path_).parent_path();
  descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0 || !is_durable(descriptor_)) failed(errno);
  ::close(std::exchange(descriptor_, -1));
}

void KeyFile::failed(int error) const {
  throw Error(ErrorKind::storage,
              "the key file \"" + path_ + "\" cannot be written: " + std::strerror(error) +
                  "; the keys stay in the store; name another file",
              {{"file", path_}, {"reason", error == ENOSPC || error == EDQUOT ? "full" : "failed"}});
}

}  // namespace mailroll::detail
