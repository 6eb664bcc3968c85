// Whatever the bytes: fields within bounds, the same each time; and what is written as a form is read again.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailroll/roll/links.hpp"
#include "require.hpp"

namespace {

using mailroll::fuzz::require;

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char letter : text) {
    out += '%';
    out += digits[letter / 16];
    out += digits[letter % 16];
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const FormFields fields = parse_form(body);
  require(fields.size() <= 2000);
  require(size <= 16 * 1024 || fields.empty());
  std::size_t letters = 0;
  for (const auto& [name, value] : fields) letters += name.size() + value.size();
  require(letters <= size);

  std::string again;
  for (const auto& [name, value] : fields) again += encoded(name) + "=" + encoded(value) + "&";
  if (again.size() <= 16 * 1024) require(parse_form(again) == fields);
  return 0;
}
