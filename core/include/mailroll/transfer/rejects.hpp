/// The rejects file: which rows were not taken, and why, without saying what stood in them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailroll/address/contact_id.hpp"
#include "mailroll/export.hpp"
#include "mailroll/transfer/row.hpp"

namespace mailroll {

/// NDJSON, one rejected row a line, in the order they were added:
/// {"file": ..., "row": ..., "line": ..., "column": ..., "reason": ..., "value_hmac": ...}; "line" is left out where the
/// format has no lines. The file is made at the first reject, readable by its owner alone, under another name beside
/// its own, and takes its own name (in place of an older file) at close(); without close() nothing is left of it.
/// Where nothing is rejected no file is made, and an older one is left alone.
class MAILROLL_EXPORT RejectsFile {
 public:
  /// With "" as the path rows are counted and not written.
  RejectsFile(std::string path, const HashKey& key);
  ~RejectsFile();
  RejectsFile(const RejectsFile&) = delete;
  RejectsFile& operator=(const RejectsFile&) = delete;

  /// `column` is "" for the row as a whole; `value` is the cell's text, of which only its HMAC is written. Throws
  /// Error(storage) with "file" and reason "full" or "failed" where the file cannot be written.
  void add(std::string_view file, std::uint64_t row, std::uint64_t line, std::string_view column, RejectReason reason,
           std::string_view value);

  /// Gives the file its name. Throws as add does. Nothing may be added afterwards.
  void close();

  [[nodiscard]] std::uint64_t count() const;
  /// Indexed by RejectReason.
  [[nodiscard]] const std::array<std::uint64_t, reject_reason_count>& by_reason() const { return by_reason_; }

 private:
  void open();
  void flush();
  [[noreturn]] void failed(int error);

  std::string path_;
  HashKey key_;
  std::string temporary_;  // the name until close(); "" where there is no file
  int descriptor_ = -1;
  std::string buffer_;
  std::array<std::uint64_t, reject_reason_count> by_reason_{};
};

}  // namespace mailroll
