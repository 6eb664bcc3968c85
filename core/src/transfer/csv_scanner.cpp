#include "transfer/csv_scanner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "mailroll/error.hpp"
#include "transfer/text.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t padding = 16;  // a vector read may look beyond the end

// The first comma, quote or line end; most cells are shorter than a vector, so one load usually finds it.
inline std::size_t find_special(const char* bytes, std::size_t from, std::size_t to) {
#if defined(__SSE2__)
  const __m128i comma = _mm_set1_epi8(',');
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i feed = _mm_set1_epi8('\n');
  const __m128i carriage = _mm_set1_epi8('\r');
  for (; from < to; from += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + from));
    const __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, comma), _mm_cmpeq_epi8(block, quote)),
                                     _mm_or_si128(_mm_cmpeq_epi8(block, feed), _mm_cmpeq_epi8(block, carriage)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return std::min(from + static_cast<std::size_t>(std::countr_zero(mask)), to);
  }
  return to;
#else
  for (; from < to; ++from) {
    const char c = bytes[from];
    if (c == ',' || c == '"' || c == '\n' || c == '\r') return from;
  }
  return to;
#endif
}

}  // namespace

CsvScanner::CsvScanner(InputFile file) : file_(std::move(file)) {
  buffer_.resize(file_.block() + utf8_bom.size() + padding);
  while (end_ < 4 && refill()) {
  }
  const std::string_view beginning(buffer_.data(), end_);
  if (beginning.empty()) refuse_empty(file_.shown(), file_.path());
  refuse_utf16(beginning, file_.shown(), file_.path());
  if (beginning.starts_with(utf8_bom)) pos_ = start_ = cell_begin_ = kept_end_ = utf8_bom.size();
}

// The answer must not depend on where blocks end: a cell that is dropped early is measured at its cap.
void CsvScanner::measure_cell(std::size_t end) {
  const std::size_t length = end - cell_begin_;
  if (kept_bytes_ + std::min(length, max_cell) > max_row) row_dropped_ = true;
  if (length > max_cell || row_dropped_) cell_dropped_ = true;
}

// Called only where all bytes up to end_ have been looked at (or at the file's beginning), so what nobody will ask for
// can be dropped from the end.
bool CsvScanner::refill() {
  if (at_end_) return false;
  measure_cell(end_);
  if (cell_dropped_ || count_ >= keep_) {
    cell_dropped_ = true;
    pos_ = end_ = cell_begin_ = kept_end_;
  } else if (cell_begin_ - kept_end_ > max_cell / 16) {  // a dropped cell ended inside the buffer
    std::memmove(buffer_.data() + kept_end_, buffer_.data() + cell_begin_, end_ - cell_begin_);
    const std::size_t gap = cell_begin_ - kept_end_;
    pos_ -= gap;
    end_ -= gap;
    cell_begin_ = kept_end_;
  }
  if (start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    pos_ -= start_;
    end_ -= start_;
    cell_begin_ -= start_;
    kept_end_ -= start_;
    start_ = 0;
  }
  if (buffer_.size() - padding - end_ < file_.block()) {
    buffer_.resize(std::max(2 * buffer_.size(), end_ + file_.block() + padding));
  }
  const std::size_t got = file_.read(buffer_.data() + end_, buffer_.size() - padding - end_);
  end_ += got;
  at_end_ = got == 0;
  return got != 0;
}

void CsvScanner::end_cell(std::size_t end) {
  if (count_++ >= keep_) return;
  measure_cell(end);
  CsvCell& cell = cells_.emplace_back();
  cell.too_long = cell_dropped_;
  cell.misquoted = misquoted_;
  cell.doubled = doubled_;
  cell.begin = cell_begin_ - start_;
  cell.length = cell.too_long ? 0 : end - cell_begin_;
  if (cell.too_long || misquoted_) flawless_ = false;
  any_doubled_ = any_doubled_ || doubled_;
  kept_bytes_ += cell.length;
  if (!cell.too_long) kept_end_ = end;
}

// At a comma, a line end or the end of the file. True where the record ends too.
bool CsvScanner::end_of_cell_is_record(std::size_t end) {
  end_cell(end);
  record_end_ = pos_;
  if (pos_ == end_) return true;
  const char c = buffer_[pos_++];
  if (c == ',') return false;
  ++line_;
  after_cr_ = c == '\r';
  return true;
}

bool CsvScanner::scan_unquoted() {
  for (;;) {
    pos_ = find_special(buffer_.data(), pos_, end_);
    if (pos_ == end_) {
      if (refill()) continue;
    } else if (buffer_[pos_] == '"') {
      misquoted_ = true;
      ++pos_;
      continue;
    }
    return end_of_cell_is_record(pos_);
  }
}

bool CsvScanner::scan_quoted() {
  const std::uint64_t opened = line_;
  const auto more = [&] {
    if (pos_ < end_ || refill()) return;
    throw Error(
        ErrorKind::invalid,
        file_.shown() + ", line " + std::to_string(opened) + ": a quote is opened and never closed; close it with \"",
        {{"file", file_.path()}, {"line", std::to_string(opened)}, {"reason", "unclosed_quote"}});
  };
  cell_begin_ = ++pos_;
  for (;;) {
    pos_ = find_special(buffer_.data(), pos_, end_);
    more();
    switch (buffer_[pos_]) {
      case '\n':
        ++line_;
        ++pos_;
        break;
      case '\r':
        ++line_;
        ++pos_;
        more();
        if (buffer_[pos_] == '\n') ++pos_;
        break;
      case '"': {
        ++pos_;
        if (pos_ == end_) refill();
        if (pos_ < end_ && buffer_[pos_] == '"') {
          doubled_ = true;
          ++pos_;
          break;
        }
        if (pos_ == end_ || buffer_[pos_] == ',' || buffer_[pos_] == '\n' || buffer_[pos_] == '\r') {
          // A dropped cell's bytes are gone, and the quote with them.
          return end_of_cell_is_record(cell_dropped_ ? cell_begin_ : pos_ - 1);
        }
        misquoted_ = true;
        return scan_unquoted();
      }
      default: break;  // more bytes came, or a comma, which means nothing here
    }
    if (pos_ < end_ && buffer_[pos_] == ',') ++pos_;
  }
}

bool CsvScanner::scan_cell() {
  cell_begin_ = pos_;
  cell_dropped_ = doubled_ = misquoted_ = false;
  if (pos_ == end_ && !refill()) return end_of_cell_is_record(pos_);  // behind a last comma
  return buffer_[pos_] == '"' ? scan_quoted() : scan_unquoted();
}

bool CsvScanner::next() {
  cells_.clear();
  count_ = kept_bytes_ = 0;
  row_dropped_ = cell_dropped_ = any_doubled_ = false;
  flawless_ = true;
  for (;;) {  // blank lines, and the LF of a CRLF
    start_ = cell_begin_ = kept_end_ = pos_;
    if (pos_ == end_ && !refill()) return false;
    const char c = buffer_[pos_];
    if (c != '\n' && c != '\r') break;
    if (c == '\r' || !after_cr_) ++line_;
    after_cr_ = c == '\r';
    ++pos_;
  }
  after_cr_ = false;
  record_line_ = line_;
  while (!scan_cell()) {
  }
  finish_record();
  return true;
}

void CsvScanner::finish_record() {
  for (CsvCell& cell : cells_) cell.text = {buffer_.data() + start_ + cell.begin, cell.length};
  if (!any_doubled_) return;
  for (CsvCell& cell : cells_) {
    if (!cell.doubled || cell.misquoted) continue;  // a misquoted cell stays as written
    char* const begin = buffer_.data() + start_ + cell.begin;
    char* to = begin;
    for (const char* from = begin; from < begin + cell.length; ++from) {
      *to++ = *from;
      if (*from == '"') ++from;
    }
    cell.text = {begin, static_cast<std::size_t>(to - begin)};
    std::fill(to, begin + cell.length, '"');  // no half characters in bytes()
  }
}

std::string_view CsvScanner::bytes() const { return {buffer_.data() + start_, record_end_ - start_}; }

}  // namespace mailroll::detail
