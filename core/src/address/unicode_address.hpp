/// What Unicode asks of the two halves of an address; ICU does the work.
#pragma once

#include <string>
#include <string_view>

namespace mailroll::detail {

/// True where each character may stand in a local part: no controls, format characters, private use, unassigned, blanks
/// of any kind; nothing that shows nothing; nothing that only stands for something else (full width, ligatures, styled
/// letters) or folds into ASCII; no combining mark at the start. `local` is UTF-8.
[[nodiscard]] bool are_local_part_characters(std::string_view local);

/// The same for a domain, before IDNA: no controls, format characters, private use, unassigned, or blanks; nothing that
/// shows nothing, but joiners and variation selectors, which IDNA judges. Other letters are IDNA's.
[[nodiscard]] bool are_domain_characters(std::string_view domain);

/// Normalization form C. `text` is UTF-8.
[[nodiscard]] std::string to_nfc(std::string_view text);

/// Simple case folding of text in form C, then form C again.
[[nodiscard]] std::string fold_case(std::string_view text);

/// What IDNA makes of a domain.
struct IdnaDomain {
  std::string ascii;      ///< lower-case A-labels
  bool too_long = false;  ///< a label over 63 octets or a name over 253, as A-labels
  bool valid = false;     ///< without any error; hyphens in places 3 and 4 are none in an ASCII label
};
[[nodiscard]] IdnaDomain to_a_labels(std::string_view domain);

/// U-labels of a valid domain of A-labels.
[[nodiscard]] std::string to_u_labels(std::string_view ascii);

/// Major version of the Unicode tables.
[[nodiscard]] int unicode_version();

}  // namespace mailroll::detail
