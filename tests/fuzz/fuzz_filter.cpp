// Whatever the bytes: a filter within bounds that is printed and read again as the same, or an error with a column.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mailroll/audience/filter.hpp"
#include "mailroll/error.hpp"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Filter filter = parse_filter(text);
    const std::string printed = to_string(filter);
    if (printed.size() <= max_filter_length) require(to_string(parse_filter(printed)) == printed);
    const PropertyDefinition plan{.key = "plan", .type = PropertyType::string, .fallback = {}, .created_at = {}};
    const FilterNames names{.properties = std::span(&plan, 1), .segments = {}, .topics = {}};
    const Filter checked = check_filter(filter, names);
    Person person;
    person.contact.emplace().properties = Properties({{"plan", std::string("pro%_\xC3\xB6")}});
    const FilterSubject subject{
        .person = person, .now = {}, .topics = {}, .in_segment = [](SegmentNumber) { return true; }};
    const Truth truth = evaluate(checked, subject);
    require(evaluate(check_filter(parse_filter(to_string(checked)), names), subject) == truth);
  } catch (const Error& error) {
    require(error.reason() == "filter");
    const std::size_t column = std::stoul(error.details().at("column"));
    require(column >= 1 && column <= size + 1);
  }
  return 0;
}
