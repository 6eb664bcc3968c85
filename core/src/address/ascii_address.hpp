/// Plain ASCII addresses, in one pass.
#pragma once

#include <string>
#include <string_view>

namespace mailroll::detail {

/// RFC 5321 4.5.3.1, in octets. The whole is 256 with the angle brackets of a path; a domain is 255 on the wire.
inline constexpr std::size_t max_address = 254;
inline constexpr std::size_t max_local_part = 64;
inline constexpr std::size_t max_domain = 253;
inline constexpr std::size_t max_label = 63;

[[nodiscard]] constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
/// A character of an RFC 5321 Atom.
[[nodiscard]] bool is_atext(char c);
/// RFC 6761 and the like: names that no mail from outside can reach. `tld` in lower case.
[[nodiscard]] bool is_special_use(std::string_view tld);

/// Takes a trimmed address apart whose letters are all ASCII and whose domain has no "xn--": most addresses. True: it is
/// valid, and key and delivery spelling are written. False: it is not valid, or not so plain.
[[nodiscard]] bool read_plain_address(std::string_view text, std::string& key, std::string& delivery);

/// The rules for a domain that IDNA has nothing left to do for: lower-case letters, digits and hyphens; at least two
/// labels; the last of letters, or an A-label; not of special use. Does not look into labels that start with "xn--".
[[nodiscard]] bool is_mail_domain(std::string_view domain);

}  // namespace mailroll::detail
