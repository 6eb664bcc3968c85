/// Any bytes as NDJSON and as one JSON list: where blocks end makes no difference, and what is read whole is text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "fuzz_file.hpp"
#include "mailroll/transfer/json_list.hpp"
#include "mailroll/transfer/ndjson.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  if (size == 0) return 0;
  const std::size_t block = 1 + data[0] % 64;
  const fuzz::File file({reinterpret_cast<const char*>(data) + 1, size - 1});
  const auto lines = [](InputFile input) { return open_ndjson(std::move(input)); };
  const auto list = [](InputFile input) { return open_json_list(std::move(input)); };
  const fuzz::Outcome of_lines = fuzz::read(file, fuzz::large_block, lines);
  const fuzz::Outcome of_list = fuzz::read(file, fuzz::large_block, list);
  if (fuzz::read(file, block, lines).rows != of_lines.rows) std::abort();
  if (fuzz::read(file, block, list).rows != of_list.rows) std::abort();
  fuzz::must_be_text(of_lines.taken);
  fuzz::must_be_text(of_list.taken);
  return 0;
}
