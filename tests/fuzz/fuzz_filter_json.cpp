// Whatever the bytes: a filter that is written and read again as the same, and that a text can say, or an error with a path.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mailroll/audience/filter_json.hpp"
#include "mailroll/error.hpp"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailroll;
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  try {
    const Filter filter = filter_from_json(json);
    const std::string written = to_json(filter);
    require(to_json(filter_from_json(written)) == written);
    const std::string text = to_string(filter);
    if (text.size() <= max_filter_length) require(to_string(parse_filter(text)) == text);
    const PropertyDefinition plan{.key = "plan", .type = PropertyType::string, .fallback = {}, .created_at = {}};
    const FilterNames names{.properties = std::span(&plan, 1), .segments = {}, .topics = {}};
    const Filter checked = check_filter(filter, names);
    Person person;
    person.contact.emplace().properties = Properties({{"plan", std::string("pro%_\xC3\xB6")}});
    const FilterSubject subject{
        .person = person, .now = {}, .topics = {}, .in_segment = [](SegmentNumber) { return true; }};
    // What a store keeps is the text of the checked filter.
    const std::string kept = to_string(checked);
    if (kept.size() > max_filter_length) return 0;
    require(evaluate(check_filter(parse_filter(kept), names), subject) == evaluate(checked, subject));
  } catch (const Error& error) {
    require(error.reason() == "filter");
    const std::string& path = error.details().at("path");
    require(path.empty() || path.front() == '/');
  }
  return 0;
}
