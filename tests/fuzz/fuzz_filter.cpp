// Whatever the bytes: a filter within bounds that is printed and read again as the same, or an error with a column.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kept_filter.hpp"
#include "mailroll/audience/filter.hpp"
#include "mailroll/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  using fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Filter filter = parse_filter(text);
    const std::string printed = to_string(filter);
    if (printed.size() <= max_filter_length) require(to_string(parse_filter(printed)) == printed);
    fuzz::require_same_when_kept(filter);
  } catch (const Error& error) {
    require(error.reason() == "filter");
    const std::size_t column = std::stoul(error.details().at("column"));
    require(column >= 1 && column <= size + 1);
  }
  return 0;
}
