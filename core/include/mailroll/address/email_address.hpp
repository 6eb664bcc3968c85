/// An e-mail address that is valid and knows what makes two spellings the same contact.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

/// Why a text is not an address we keep: the first that applies, in this order. docs/addresses.md has the table of
/// shapes and codes.
enum class AddressProblem : std::uint8_t {
  none,
  empty,       ///< nothing but blanks
  encoding,    ///< not UTF-8
  too_long,    ///< octets: local part > 64, domain > 253, label > 63, whole > 254 (RFC 5321 4.5.3.1)
  syntax,      ///< not local@domain; blanks inside; dots; two at-signs; quoted local part
  characters,  ///< controls, format characters, compatibility letters, or letters that fold into ASCII
  domain,      ///< label, TLD, IDNA, single label, literal
};

/// The code that rejects files, errors and documents use: "address_empty", "encoding", "address_too_long",
/// "address_syntax", "address_characters", "address_domain"; "" for none.
MAILROLL_EXPORT std::string_view reason_code(AddressProblem problem);

/// Version of the algorithm and of the Unicode tables behind `key()`: algorithm * 1000 + Unicode major version, e.g.
/// 1015. Stored with each contact; a key made under another version may differ.
MAILROLL_EXPORT std::int32_t address_key_version();

/// An address; exists only valid. Grammar: RFC 5321 4.1.2 without quoted local parts and address literals, RFC 6531
/// for letters beyond ASCII. Blanks, BOM and zero-width spaces at both ends are trimmed, never inside.
class MAILROLL_EXPORT EmailAddress {
 public:
  /// Throws Error(invalid) with details["reason"] = reason_code(...); the message does not repeat the text.
  explicit EmailAddress(std::string_view text);

  /// The same without an exception: nothing where the text is no address; `*why` (if given) says why.
  static std::optional<EmailAddress> parse(std::string_view text, AddressProblem* why = nullptr);

  /// What makes two spellings one contact: the local part in NFC with simple case folding, "@", the domain in lower-case
  /// A-labels. Compared as bytes; at most 254 octets or a few more where folding lengthens.
  [[nodiscard]] const std::string& key() const { return key_; }
  /// Where mail goes: the local part as written (NFC), "@", the domain in lower-case A-labels. Its key is key().
  [[nodiscard]] const std::string& delivery() const { return delivery_; }
  /// What to show: the local part as written, "@", the domain in Unicode.
  [[nodiscard]] std::string display() const;
  /// True where the local part has letters beyond ASCII, so that delivery needs SMTPUTF8 (RFC 6531).
  [[nodiscard]] bool smtputf8() const;

  bool operator==(const EmailAddress& other) const { return key_ == other.key_; }

 private:
  EmailAddress() = default;
  std::string key_;
  std::string delivery_;
};

}  // namespace mailroll
