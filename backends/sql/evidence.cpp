#include "sql/evidence.hpp"

#include <nlohmann/json.hpp>

#include "sql/row_error.hpp"

namespace mailroll::detail {
namespace {

struct Field {
  const char* key;
  std::string Evidence::*text;
};

constexpr Field fields[] = {{"form", &Evidence::form},
                            {"ip", &Evidence::ip},
                            {"locale", &Evidence::locale},
                            {"note", &Evidence::note},
                            {"text", &Evidence::text},
                            {"text_hash", &Evidence::text_hash},
                            {"user_agent", &Evidence::user_agent}};

}  // namespace

std::string evidence_json(const Evidence& evidence) {
  if (evidence.empty()) return {};
  nlohmann::json object = nlohmann::json::object();
  for (const Field& field : fields) {
    if (!(evidence.*field.text).empty()) object[field.key] = evidence.*field.text;
  }
  // A browser may call itself anything; what is not UTF-8 becomes the replacement character, not a failed act.
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Evidence evidence_of(std::string_view json) {
  Evidence evidence;
  if (json.empty()) return evidence;
  const nlohmann::json object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) throw UnreadableRow();
  for (const Field& field : fields) {
    const auto found = object.find(field.key);
    if (found == object.end()) continue;
    if (!found->is_string()) throw UnreadableRow();
    evidence.*field.text = found->get<std::string>();
  }
  return evidence;
}

}  // namespace mailroll::detail
