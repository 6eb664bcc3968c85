#include "mailroll/transfer/ndjson.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "transfer/json_row.hpp"
#include "transfer/text.hpp"

namespace mailroll {
namespace {

// Lines of a file, each with simdjson's padding readable behind it.
class Lines {
 public:
  explicit Lines(InputFile file) : file_(std::move(file)), buffer_(file_.block() + simdjson::SIMDJSON_PADDING) {
    while (end_ < 4 && refill()) {
    }
    const std::string_view beginning(buffer_.data(), end_);
    refuse_utf16(beginning, file_.shown(), file_.path());
    if (beginning.starts_with(utf8_bom)) start_ = utf8_bom.size();
  }

  /// False at the end. A line over max_row is cut there, and `too_long`.
  bool next(char*& line, std::size_t& length, bool& too_long) {
    too_long = false;
    std::size_t searched = start_;
    for (;;) {
      const void* const found = std::memchr(buffer_.data() + searched, '\n', end_ - searched);
      if (found != nullptr || at_end_) {
        const std::size_t stop =
            found == nullptr ? end_ : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
        if (found == nullptr && start_ == end_) return false;
        if (found == nullptr) buffer_[stop] = '\n';  // simdjson looks at the byte behind, which must not be an old one
        line = buffer_.data() + start_;
        length = std::min(stop - start_, max_row);
        too_long = too_long || stop - start_ > max_row;
        start_ = std::min(stop + 1, end_);
        ++number_;
        return true;
      }
      if (end_ - start_ > max_row) {
        too_long = true;
        end_ = start_ + max_row;  // the rest of the line is read and dropped
      }
      searched = end_ - start_;
      refill();
    }
  }

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] const InputFile& file() const { return file_; }
  [[nodiscard]] std::size_t readable_from(const char* line) const {
    return buffer_.size() - static_cast<std::size_t>(line - buffer_.data());
  }

 private:
  bool refill() {  // moves the line to the front
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
    const std::size_t wanted = end_ + file_.block() + simdjson::SIMDJSON_PADDING;
    if (buffer_.size() < wanted) buffer_.resize(std::max(wanted, 2 * buffer_.size()));
    const std::size_t got = file_.read(buffer_.data() + end_, buffer_.size() - simdjson::SIMDJSON_PADDING - end_);
    end_ += got;
    at_end_ = got == 0;
    return got != 0;
  }

  InputFile file_;
  std::vector<char> buffer_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  bool at_end_ = false;
};

class NdjsonReader final : public RowReader {
 public:
  NdjsonReader(InputFile file, ColumnMap map) : lines_(std::move(file)), json_(std::move(map)) {
    more_ = next_line();
    if (!more_) refuse_empty(lines_.file().shown(), lines_.file().path());
  }

  bool next(RawRow& row) override {
    if (!more_) return false;
    if (taken_ && !next_line()) return more_ = false;
    taken_ = true;
    clear(row);
    row.row = ++rows_;
    row.line = lines_.number();
    if (too_long_ || !read(row)) detail::set_problem(row, RejectReason::row_shape, {});
    return true;
  }

  [[nodiscard]] std::uint64_t bytes_read() const override { return lines_.file().bytes_read(); }

 private:
  bool next_line() {
    while (lines_.next(line_, length_, too_long_)) {
      if (!trimmed({line_, length_}).empty()) return true;
    }
    return false;
  }

  bool read(RawRow& row) {
    bool masked = false;
    auto error = parser_.iterate(line_, length_, lines_.readable_from(line_)).get(document_);
    if (error == simdjson::UTF8_ERROR) {
      masked = true;
      detail::mask_bad_utf8(line_, length_);
      error = parser_.iterate(line_, length_, lines_.readable_from(line_)).get(document_);
    }
    simdjson::ondemand::object object;
    if (error || document_.get_object().get(object) || json_.read(object, masked, row)) return false;
    return detail::at_end(document_);
  }

  Lines lines_;
  detail::JsonRow json_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  char* line_ = nullptr;
  std::size_t length_ = 0;
  bool too_long_ = false;
  bool taken_ = false;
  bool more_ = true;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> open_ndjson(InputFile file, ColumnMap map) {
  return std::make_unique<NdjsonReader>(std::move(file), std::move(map));
}

}  // namespace mailroll
