#include "transfer/text.hpp"

#include <cstring>

#include <simdjson.h>

#include "mailroll/error.hpp"

namespace mailroll {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_text(std::string_view bytes) {
  if (bytes.empty()) return true;
  return std::memchr(bytes.data(), 0, bytes.size()) == nullptr && simdjson::validate_utf8(bytes.data(), bytes.size());
}

std::string shown_name(std::string_view name) {
  if (name.find('@') != std::string_view::npos) return "(an address?)";
  if (!is_text(name)) return "(not UTF-8)";
  std::string shown;
  for (const char c : name) {
    if (shown.size() >= 60 && (c & 0xC0) != 0x80) {  // cut between characters
      shown += "...";
      break;
    }
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return shown;
}

void refuse_utf16(std::string_view beginning, const std::string& shown, const std::string& path) {
  const bool utf16 = beginning.starts_with("\xFF\xFE") || beginning.starts_with("\xFE\xFF");
  const std::string_view start = beginning.substr(0, 4);
  // Without a byte order mark, every second byte of Latin text is NUL.
  const bool bare_utf16 = start.size() == 4 && ((start[0] == 0 && start[2] == 0 && start[1] != 0) ||
                                                (start[1] == 0 && start[3] == 0 && start[0] != 0));
  if (!utf16 && !bare_utf16) return;
  throw Error(ErrorKind::invalid, shown + " is UTF-16, not UTF-8; convert it, e.g. with iconv -f UTF-16 -t UTF-8",
              {{"file", path}, {"line", "1"}, {"reason", "encoding"}});
}

void refuse_empty(const std::string& shown, const std::string& path) {
  throw Error(ErrorKind::invalid, shown + " is empty; check that it was written to the end",
              {{"file", path}, {"reason", "empty"}});
}

void clear(RawRow& row) {
  for (std::string_view& field : row.fields) field = {};
  row.properties.clear();
  row.broken = false;
  row.problem = {};
  row.problem_column = row.problem_value = {};
}

}  // namespace mailroll
