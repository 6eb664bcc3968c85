#include "address/unicode_address.hpp"

#include <algorithm>
#include <cstdint>

#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "address/ascii_address.hpp"
#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

void require(UErrorCode status) {
  if (U_FAILURE(status)) {
    throw Error(ErrorKind::storage, std::string("ICU failed on an address: ") + u_errorName(status),
                {{"reason", "failed"}});
  }
}

struct Form {
  const UNormalizer2* normalizer;
  std::size_t growth;  ///< units at most per unit (Unicode's FAQ on normalization)
};

const Form& nfc() {
  static const Form form = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* instance = unorm2_getNFCInstance(&status);
    require(status);
    return Form{instance, 3};
  }();
  return form;
}

const Form& nfkc() {
  static const Form form = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* instance = unorm2_getNFKCInstance(&status);
    require(status);
    return Form{instance, 18};
  }();
  return form;
}

// Never closed: immutable, shared by all threads, and needed until the last of them ends.
const UIDNA* idna() {
  static const UIDNA* const opened = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UIDNA* instance = uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                                UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                                            &status);
    require(status);
    return instance;
  }();
  return opened;
}

std::u16string to_utf16(std::string_view text) {
  std::u16string wide(text.size(), u'\0');  // never more units than UTF-8 has bytes
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
  require(status);
  wide.resize(static_cast<std::size_t>(length));
  return wide;
}

std::string to_utf8(std::u16string_view wide) {
  std::string text(wide.size() * 3, '\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strToUTF8(text.data(), static_cast<std::int32_t>(text.size()), &length, wide.data(),
              static_cast<std::int32_t>(wide.size()), &status);
  require(status);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::u16string normalized(const Form& form, std::u16string_view wide) {
  std::u16string result(wide.size() * form.growth + 1, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length = unorm2_normalize(form.normalizer, wide.data(), static_cast<std::int32_t>(wide.size()),
                                               result.data(), static_cast<std::int32_t>(result.size()), &status);
  require(status);
  result.resize(static_cast<std::size_t>(length));
  return result;
}

void append(std::u16string& wide, UChar32 c) {
  UChar units[U16_MAX_LENGTH];
  std::int32_t length = 0;
  U16_APPEND_UNSAFE(units, length, c);
  wide.append(units, static_cast<std::size_t>(length));
}

template <typename Accept>
bool all_of(std::string_view text, Accept accept) {
  const std::u16string wide = to_utf16(text);
  for (std::size_t at = 0; at < wide.size();) {
    const bool first = at == 0;
    UChar32 c = 0;
    U16_NEXT(wide.data(), at, wide.size(), c);
    if (!accept(c, first)) return false;
  }
  return true;
}

constexpr std::uint32_t never_in_an_address = U_GC_C_MASK | U_GC_Z_MASK;

// Ordinary letters of Thai and Lao that Unicode happens to explain by others; nobody types them in another way.
bool is_letter_despite_decomposition(UChar32 c) { return c == 0x0E33 || c == 0x0EB3 || c == 0x0EDC || c == 0x0EDD; }

// Letters that only stand for something else: whoever reads them sees another address.
bool stands_for_another(UChar32 c) {
  if (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_NONE) return false;
  if (is_letter_despite_decomposition(c)) return false;
  std::u16string wide;
  append(wide, c);
  const std::u16string canonical = normalized(nfc(), wide);
  if (canonical.size() == 1 && canonical[0] < 0x80) return true;  // e.g. U+212A KELVIN SIGN
  return normalized(nfkc(), wide) != canonical;
}

bool is_local_part_character(UChar32 c, bool first) {
  const std::uint32_t category = U_GET_GC_MASK(c);
  if ((category & never_in_an_address) != 0) return false;
  if (first && (category & U_GC_M_MASK) != 0) return false;
  if (c < 0x80) return true;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return false;
  return u_foldCase(c, U_FOLD_CASE_DEFAULT) >= 0x80 && !stands_for_another(c);
}

// IDNA would drop what shows nothing, and which characters those are differs between versions of Unicode. Joiners it
// judges itself; selectors of an emoji's look come with keyboards.
bool is_domain_character(UChar32 c, bool) {
  constexpr UChar32 zero_width_non_joiner = 0x200C;
  constexpr UChar32 zero_width_joiner = 0x200D;
  if (c == zero_width_joiner || c == zero_width_non_joiner || u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR))
    return true;
  return (U_GET_GC_MASK(c) & never_in_an_address) == 0 && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

struct UnicodeName {
  std::string text;
  std::uint32_t errors = 0;
};

UnicodeName to_unicode(std::string_view ascii) {
  char name[2048];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length = uidna_nameToUnicodeUTF8(idna(), ascii.data(), static_cast<std::int32_t>(ascii.size()),
                                                      name, sizeof name, &info, &status);
  require(status);
  return {std::string(name, static_cast<std::size_t>(length)), info.errors};
}

// ICU says only that some label has hyphens in places 3 and 4. Names such as ab--cd.com are registered, so ASCII labels
// may; what an A-label stands for may not.
bool hyphens_are_ascii_only(std::string_view ascii) {
  while (!ascii.empty()) {
    const std::size_t end = std::min(ascii.find('.'), ascii.size());
    const std::string_view label = ascii.substr(0, end);
    if (label.substr(0, 4) == "xn--" && to_unicode(label).errors != 0) return false;
    ascii.remove_prefix(std::min(end + 1, ascii.size()));
  }
  return true;
}

}  // namespace

bool are_local_part_characters(std::string_view local) { return all_of(local, is_local_part_character); }

bool are_domain_characters(std::string_view domain) { return all_of(domain, is_domain_character); }

std::string to_nfc(std::string_view text) { return to_utf8(normalized(nfc(), to_utf16(text))); }

std::string fold_case(std::string_view text) {
  const std::u16string wide = to_utf16(text);
  std::u16string folded;
  folded.reserve(wide.size());
  for (std::size_t at = 0; at < wide.size();) {
    UChar32 c = 0;
    U16_NEXT(wide.data(), at, wide.size(), c);
    append(folded, u_foldCase(c, U_FOLD_CASE_DEFAULT));
  }
  return to_utf8(normalized(nfc(), folded));
}

IdnaDomain to_a_labels(std::string_view domain) {
  IdnaDomain result;
  char ascii[1024];
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length = uidna_nameToASCII_UTF8(idna(), domain.data(), static_cast<std::int32_t>(domain.size()),
                                                     ascii, sizeof ascii, &info, &status);
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    result.too_long = true;
    return result;
  }
  require(status);
  result.ascii.assign(ascii, static_cast<std::size_t>(length));
  result.too_long = (info.errors & (UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG)) != 0;
  result.valid = (info.errors & ~static_cast<std::uint32_t>(UIDNA_ERROR_HYPHEN_3_4)) == 0 &&
                 ((info.errors & UIDNA_ERROR_HYPHEN_3_4) == 0 || hyphens_are_ascii_only(result.ascii));
  return result;
}

std::string to_u_labels(std::string_view ascii) { return to_unicode(ascii).text; }

int unicode_version() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return version[0];
}

}  // namespace mailroll::detail
