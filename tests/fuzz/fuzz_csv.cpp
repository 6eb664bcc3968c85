/// Any bytes as a CSV file: where blocks end makes no difference, and what is read whole is text that can be written
/// and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "fuzz_file.hpp"
#include "mailroll/transfer/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  if (size == 0) return 0;
  const std::size_t block = 1 + data[0] % 64;
  const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
  const fuzz::File file(content);
  const auto open = [](InputFile input) { return open_csv(std::move(input)); };
  const fuzz::Outcome whole = fuzz::read(file, fuzz::large_block, open);
  if (fuzz::read(file, block, open).rows != whole.rows) std::abort();

  fuzz::must_be_text(whole.taken);
  return 0;
}
