#include "transfer/audience_index.hpp"

#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "mailroll/error.hpp"
#include "transfer/text.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t largest = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::invalid,
              "\"" + path + "\" " + what + "; expected {\"data\": [{\"id\": \"...\", \"name\": \"...\"}, ...]}",
              {{"file", path}, {"reason", "audiences_json"}});
}

std::string text_of(const nlohmann::json& audience, const char* key) {
  const auto found = audience.find(key);
  return found != audience.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

AudienceIndex read_audience_index(const std::string& path) {
  InputFile file = InputFile::open(path);
  std::string text;
  for (std::string block(file.block(), '\0');;) {
    const std::size_t got = file.read(block.data(), block.size());
    if (got == 0) break;
    text.append(block, 0, got);
    if (text.size() > largest) refuse(path, "is over 64 MiB, which is no list of audiences");
  }
  if (trimmed(text).empty()) refuse_empty(file.shown(), path);
  refuse_utf16(text, file.shown(), path);
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);  // its messages would repeat the content
  if (document.is_discarded()) refuse(path, "is no whole JSON document");
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array())
    refuse(path, "is no list of audiences");

  AudienceIndex index;
  const auto more = document.find("has_more");
  index.has_more = more != document.end() && more->is_boolean() && more->get<bool>();
  std::set<std::string> ids;
  for (const nlohmann::json& audience : document["data"]) {
    const std::string place = "has an audience (number " + std::to_string(index.audiences.size() + 1) + ") ";
    if (!audience.is_object()) refuse(path, place + "that is no object");
    AudienceExport::Audience read{text_of(audience, "id"), text_of(audience, "name")};
    if (read.id.empty() || !is_text(read.id)) refuse(path, place + "without an id");
    if (trimmed(read.name).empty() || !is_text(read.name)) refuse(path, place + "without a name");
    if (!ids.insert(read.id).second) refuse(path, place + "whose id another has, too");
    index.audiences.push_back(std::move(read));
  }
  return index;
}

}  // namespace mailroll::detail
