// Whatever the bytes: a filter that is written and read again as the same, and that a text can say, or an error with a path.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kept_filter.hpp"
#include "mailroll/audience/filter_json.hpp"
#include "mailroll/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  using fuzz::require;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  try {
    const Filter filter = filter_from_json(json);
    const std::string written = to_json(filter);
    require(to_json(filter_from_json(written)) == written);
    const std::string text = to_string(filter);
    if (text.size() <= max_filter_length) require(to_string(parse_filter(text)) == text);
    fuzz::require_same_when_kept(filter);
  } catch (const Error& error) {
    require(error.reason() == "filter");
    const std::string& path = error.details().at("path");
    require(path.empty() || path.front() == '/');
  }
  return 0;
}
