/// An input file, read from its beginning to its end in blocks, with its bytes counted and hashed on the way.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

/// BLAKE2b-128 of everything fed to it; unkeyed, so that the same file has the same digest everywhere.
class MAILROLL_EXPORT ContentDigest {
 public:
  ContentDigest();
  void update(std::string_view bytes);
  /// 32 hex digits of what was fed so far; may be asked again after more was fed.
  [[nodiscard]] std::string hex() const;

 private:
  alignas(64) std::array<unsigned char, 384> state_;
};

class MAILROLL_EXPORT InputFile {
 public:
  static constexpr std::size_t usual_block = std::size_t{1} << 20;

  /// Opens a file, or standard input where the path is "-". `digest`, where given, is fed every byte that is read; once
  /// the file's reader has come to the end, it is the digest of the whole content.
  /// Throws Error with "file": not_found where there is no such file; invalid (reason "folder") for a folder, invalid
  /// (reason "unreadable") where the system refuses.
  static InputFile open(const std::string& path, std::shared_ptr<ContentDigest> digest = nullptr,
                        std::size_t block = usual_block);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  /// Puts up to a block of bytes there, at most `room`; 0 only at the end. Throws Error(invalid), reason "unreadable".
  std::size_t read(char* there, std::size_t room);
  /// The first bytes of the file, at most a block; to be called before the first read, which gives them again.
  std::string_view peek();

  [[nodiscard]] const std::string& path() const { return path_; }  ///< as given; "-" for standard input
  [[nodiscard]] std::string shown() const;                         ///< for messages: the quoted path, "standard input"
  [[nodiscard]] std::size_t block() const { return block_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }  ///< 0 where not known (a pipe)

 private:
  InputFile(std::string path, int descriptor, std::uint64_t size, std::shared_ptr<ContentDigest> digest,
            std::size_t block);
  std::size_t read_descriptor(char* there, std::size_t room);

  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::shared_ptr<ContentDigest> digest_;
  std::size_t block_;
  std::string peeked_;
  std::size_t peeked_taken_ = 0;
};

}  // namespace mailroll
