#include <algorithm>
#include <optional>

#include "mailroll/roll/links.hpp"

namespace mailroll {
namespace {

constexpr std::size_t longest_body = std::size_t{16} * 1024;
constexpr std::size_t most_fields = 2000;

int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// A percent sign that begins nothing stands for itself, as browsers read it.
std::string decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

FormFields parse_urlencoded(std::string_view body) {
  FormFields fields;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    fields.emplace_back(decoded(pair.substr(0, equals)), decoded(value));
  }
  return fields;
}

/// Takes a line with its end (CR LF, or LF alone) off the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + 1));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');  // whatever the locale
  }
  return out;
}

/// The `name` of a Content-Disposition of form-data, quoted or not.
std::optional<std::string> name_in(std::string_view header) {
  const std::string folded = lower(header);
  if (!folded.starts_with("content-disposition:")) return std::nullopt;
  std::size_t at = folded.find("name=");
  while (at != std::string::npos && at > 0 && folded[at - 1] != ';' && folded[at - 1] != ' ') {
    at = folded.find("name=", at + 1);  // filename=
  }
  if (at == std::string::npos) return std::nullopt;
  std::string_view name = header.substr(at + 5);
  if (!name.starts_with('"')) return std::string(name.substr(0, name.find_first_of("; ")));
  name.remove_prefix(1);
  return std::string(name.substr(0, name.find('"')));
}

/// multipart/form-data (RFC 7578). The boundary is the first line, so that nobody needs to hand over the header.
FormFields parse_multipart(std::string_view body) {
  FormFields fields;
  const std::string boundary(take_line(body));
  if (boundary.size() < 3) return fields;
  while (!body.empty()) {
    std::optional<std::string> name;
    for (std::string_view line = take_line(body); !line.empty(); line = take_line(body)) {
      if (line.starts_with(boundary)) return fields;
      if (!name) name = name_in(line);
    }
    const std::size_t end = body.find(boundary);
    if (end == std::string_view::npos) return fields;  // cut off: half a value is nobody's word
    std::string_view value = body.substr(0, end);
    if (value.ends_with('\n')) value.remove_suffix(1);
    if (value.ends_with('\r')) value.remove_suffix(1);
    if (name) fields.emplace_back(*name, std::string(value));
    body.remove_prefix(end + boundary.size());
    if (take_line(body).starts_with("--")) break;
  }
  return fields;
}

}  // namespace

FormFields parse_form(std::string_view body) {
  // Half a form would say what nobody said: a box that is cut off would count as not ticked.
  if (body.size() > longest_body) return {};
  FormFields fields = body.starts_with("--") ? parse_multipart(body) : parse_urlencoded(body);
  if (fields.size() > most_fields) return {};
  return fields;
}

}  // namespace mailroll
