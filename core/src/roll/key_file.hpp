/// A keyring file that is being written.
#pragma once

#include <string>
#include <vector>

#include "mailroll/people/key.hpp"

namespace mailroll::detail {

/// A new keyring file with mode 0600; it goes again unless keep() is called. conflict (file_exists) where there is one of
/// that name; storage where it cannot be written. When the constructor is done, the file is on the disk, and reading it has
/// given the secrets of `keys`, all of which have one.
class KeyFile {
 public:
  KeyFile(std::string path, const std::vector<StoredKey>& keys);
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  ~KeyFile();
  void keep() { kept_ = true; }

 private:
  void write(const std::string& text);
  [[noreturn]] void failed(int error) const;

  std::string path_;
  int descriptor_ = -1;
  bool made_ = false;
  bool kept_ = false;
};

}  // namespace mailroll::detail
