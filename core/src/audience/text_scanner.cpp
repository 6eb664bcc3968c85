#include "audience/text_scanner.hpp"

#include <cstdint>

#include <unicode/utf8.h>

namespace mailroll::detail {

Error TextKind::wrong(std::size_t column, const std::string& why) const {
  const std::string at = std::to_string(column);
  return {ErrorKind::invalid,
          std::string(what) + ", column " + at + ": " + why,
          {{"reason", std::string(reason)}, {"column", at}}};
}

Error TextKind::wrong_at(const std::string& path, const std::string& why) const {
  return {ErrorKind::invalid,
          std::string(what) + (path.empty() ? "" : ", at " + path) + ": " + why,
          {{"reason", std::string(reason)}, {"path", path}}};
}

TextScanner::TextScanner(std::string_view text, const TextKind& kind, std::size_t longest) : text_(text), kind_(kind) {
  if (text.size() > longest) {
    throw kind_.wrong(1, "it is longer than " + std::to_string(longest) + " bytes; make several segments of it");
  }
  const auto length = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t column = 1;
  for (std::int32_t at = 0; at < length; ++column) {
    UChar32 letter = 0;
    U8_NEXT(bytes, at, length, letter);
    if (letter < 0) throw kind_.wrong(column, "this is not UTF-8");
    if ((letter < 0x20 && !is_blank(static_cast<char>(letter))) || letter == 0x7F) {
      throw kind_.wrong(column, "there is a control character here; leave it out");
    }
  }
}

void TextScanner::skip(std::size_t bytes) {
  for (; bytes > 0 && !at_end(); --bytes) {
    ++at_;
    // Bytes that continue a letter have no column of their own.
    if (at_end() || (static_cast<unsigned char>(text_[at_]) & 0xC0U) != 0x80U) ++column_;
  }
}

void TextScanner::skip_blanks() {
  while (is_blank(peek())) skip(1);
}

std::string TextScanner::take_quoted() {
  const std::size_t begin = column_;
  const char quote = peek();
  skip(1);
  std::string content;
  while (!at_end()) {
    if (peek() == quote) {
      skip(1);
      if (peek() != quote) return content;
    }
    content += peek();
    skip(1);
  }
  throw wrong(begin, "this quote is never closed");
}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char letter : text) {
    if (letter == quote) out += quote;
    out += letter;
  }
  return out + quote;
}

}  // namespace mailroll::detail
