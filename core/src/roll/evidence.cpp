#include "roll/evidence.hpp"

#include <array>
#include <cstdint>
#include <string>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "mailroll/error.hpp"
#include "roll/roll_state.hpp"

namespace mailroll::detail {
namespace {

struct Field {
  std::string Evidence::*text;
  const char* what;
};
constexpr std::array fields{Field{&Evidence::text_hash, "hash of the text shown"},
                            Field{&Evidence::form, "form of the evidence"},
                            Field{&Evidence::ip, "IP of the evidence"},
                            Field{&Evidence::user_agent, "user agent of the evidence"},
                            Field{&Evidence::locale, "locale of the evidence"},
                            Field{&Evidence::note, "evidence"}};

std::string clipped(std::string_view text, std::size_t longest) {
  const std::string_view read = text.substr(0, longest * U8_MAX_LENGTH);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(read.data());
  const auto size = static_cast<std::int32_t>(read.size());
  std::string kept;
  std::size_t characters = 0;
  for (std::int32_t at = 0; at < size && characters < longest;) {
    const std::int32_t begin = at;
    UChar32 character = 0;
    U8_NEXT(bytes, at, size, character);
    const bool blank = character == '\n' || character == '\r' || character == '\t';
    if (character >= 0 && u_charType(character) == U_CONTROL_CHAR && !blank) continue;
    ++characters;
    if (character < 0) {
      kept += "\uFFFD";
    } else {
      kept += read.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
  }
  return kept;
}

}  // namespace

Evidence checked_evidence(const Evidence& given) {
  Evidence kept;
  for (const Field& field : fields) kept.*field.text = checked_words(given.*field.text, field.what);
  if (given.text.empty()) return kept;
  checked_words(given.text, "text shown", max_shown_text);
  kept.text = given.text;
  const std::string hash = text_hash(kept.text);
  if (kept.text_hash.empty()) kept.text_hash = hash;
  if (kept.text_hash != hash) {
    throw Error(ErrorKind::invalid, "the hash given is not that of the text shown; leave it out, and it is computed",
                {{"reason", "text_hash"}});
  }
  return kept;
}

Evidence clipped_evidence(const Evidence& given) {
  Evidence kept;
  for (const Field& field : fields) kept.*field.text = clipped(given.*field.text, max_evidence);
  kept.text = clipped(given.text, max_shown_text);
  if (!kept.text.empty()) kept.text_hash = text_hash(given.text);
  return kept;
}

}  // namespace mailroll::detail
