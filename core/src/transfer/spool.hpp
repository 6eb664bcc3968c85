/// Records laid aside in partitions, in memory up to a budget and beyond it in a file that only this process can reach.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailroll::detail {

/// An open file without a name, in a private folder of $TMPDIR (else /tmp) that is gone as soon as the file is open.
class UnnamedFile {
 public:
  UnnamedFile() = default;
  UnnamedFile(const UnnamedFile&) = delete;
  UnnamedFile& operator=(const UnnamedFile&) = delete;
  ~UnnamedFile();

  /// Appends; answers where it begins. Throws Error(storage), reason "full" where the folder's disk is.
  std::uint64_t append(std::string_view bytes);
  void read(std::uint64_t start, char* there, std::size_t size) const;

 private:
  void open();
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// One thread appends; when that is over, any number may load.
class Spool {
 public:
  Spool(std::size_t partitions, std::size_t memory_budget);

  void append(std::size_t partition, std::string_view record);
  /// Replaces `out` by the partition's records, in the order of appending.
  void load(std::size_t partition, std::string& out) const;

  [[nodiscard]] std::size_t partitions() const { return partitions_.size(); }

 private:
  struct Extent {
    std::uint64_t start = 0;
    std::size_t size = 0;
  };
  struct Partition {
    std::string tail;             // in memory
    std::vector<Extent> extents;  // in the file, before the tail
  };
  void spill();

  std::vector<Partition> partitions_;
  std::size_t budget_;
  std::size_t in_memory_ = 0;
  UnnamedFile file_;
};

}  // namespace mailroll::detail
