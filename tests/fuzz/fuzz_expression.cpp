// Whatever the bytes: an expression within bounds that is printed and read again as the same, or an error with a column.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailroll/audience/expression.hpp"
#include "mailroll/error.hpp"
#include "require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  using fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const std::string printed = to_string(parse_expression(text));
    if (printed.size() <= max_expression_length) require(to_string(parse_expression(printed)) == printed);
  } catch (const Error& error) {
    require(error.reason() == "expression");
    const std::size_t column = std::stoul(error.details().at("column"));
    require(column >= 1 && column <= size + 1);
  }
  return 0;
}
