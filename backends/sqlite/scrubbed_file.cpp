#include "sqlite/scrubbed_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace mailroll::detail {
namespace {

/// The engine's functions of a file, with our write before its own.
struct ScrubbingMethods {
  sqlite3_io_methods methods{};  // first, since a file points at it
  const sqlite3_io_methods* engine = nullptr;
};

// The file format: https://www.sqlite.org/fileformat.html, 1.3 (header) and 1.6 (pages of a tree).
constexpr std::size_t file_header = 100;
constexpr sqlite3_int64 largest_file = 64LL << 30U;
constexpr bool is_interior(unsigned char kind) { return kind == 2 || kind == 5; }
constexpr bool is_leaf(unsigned char kind) { return kind == 10 || kind == 13; }

std::size_t number(const unsigned char* bytes) { return static_cast<std::size_t>(bytes[0]) << 8U | bytes[1]; }

struct Gap {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The unused middle of a page: behind the pointers to its rows, before the rows. Nothing for what is no page of a tree:
/// pages of another kind begin with the number of a page, whose first byte is 0 in files of less than 64 GiB.
Gap unused(const unsigned char* page, std::size_t size, sqlite3_int64 offset) {
  if (size < 512 || size > 65536 || (size & (size - 1)) != 0 || offset % static_cast<sqlite3_int64>(size) != 0)
    return {};
  const std::size_t header = offset == 0 ? file_header : 0;
  const unsigned char kind = page[header];
  if (!is_interior(kind) && !is_leaf(kind)) return {};
  const std::size_t rows = number(page + header + 3);
  const std::size_t content = number(page + header + 5);
  const Gap gap{header + (is_interior(kind) ? 12 : 8) + 2 * rows, content == 0 ? 65536 : content};
  return gap.end <= size && gap.begin < gap.end ? gap : Gap{};
}

int scrubbing_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const auto* engine = reinterpret_cast<const ScrubbingMethods*>(file->pMethods)->engine;
  const auto* page = static_cast<const unsigned char*>(data);
  const Gap gap = unused(page, static_cast<std::size_t>(size), offset);
  const auto is_zero = [](unsigned char byte) { return byte == 0; };
  sqlite3_int64 file_size = 0;
  if (std::all_of(page + gap.begin, page + gap.end, is_zero) || engine->xFileSize(file, &file_size) != SQLITE_OK ||
      file_size >= largest_file) {
    return engine->xWrite(file, data, size, offset);
  }
  // A copy, since the page may stand in the engine's cache.
  thread_local std::vector<unsigned char> scrubbed;
  try {
    scrubbed.assign(page, page + size);
  } catch (...) {
    return SQLITE_IOERR_NOMEM;
  }
  std::memset(scrubbed.data() + gap.begin, 0, gap.end - gap.begin);
  return engine->xWrite(file, scrubbed.data(), size, offset);
}

/// One for each kind of file that the engine has; kept for ever, since files point at it until they are closed.
const sqlite3_io_methods* scrubbing(const sqlite3_io_methods* engine) {
  static std::mutex mutex;
  static auto& known = *new std::map<const sqlite3_io_methods*, std::unique_ptr<ScrubbingMethods>>;
  const std::lock_guard lock(mutex);
  std::unique_ptr<ScrubbingMethods>& made = known[engine];
  if (!made) {
    made = std::make_unique<ScrubbingMethods>(ScrubbingMethods{*engine, engine});
    made->methods.xWrite = scrubbing_write;
  }
  return &made->methods;
}

}  // namespace

void scrub_written_pages(sqlite3* database) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file)) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr || file->pMethods->xWrite == scrubbing_write) {
    return;
  }
  file->pMethods = scrubbing(file->pMethods);
}

}  // namespace mailroll::detail
