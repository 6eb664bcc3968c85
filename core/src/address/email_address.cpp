#include "mailroll/address/email_address.hpp"

#include <algorithm>

#include <simdjson.h>

#include "address/ascii_address.hpp"
#include "address/unicode_address.hpp"
#include "mailroll/error.hpp"

namespace mailroll {
namespace {

constexpr std::int32_t algorithm_version = 1;

std::string_view trimmed(std::string_view text) {
  // Blank, tab, no-break space, zero width space, byte order mark.
  constexpr std::string_view at_ends[] = {" ", "\t", "\u00A0", "\u200B", "\uFEFF"};
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : at_ends) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        again = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  return text;
}

bool all_ascii(std::string_view text) { return std::all_of(text.begin(), text.end(), detail::is_ascii); }

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
// RFC 5322's specials without the dot and the at-sign: they belong to forms of an address that we do not keep.
bool is_special(char c) { return std::string_view("()<>[]:;,\\\"").find(c) != std::string_view::npos; }

bool has_label_too_long(std::string_view domain) {
  for (std::size_t start = 0; start <= domain.size();) {
    const std::size_t end = std::min(domain.find('.', start), domain.size());
    if (end - start > detail::max_label && all_ascii(domain.substr(start, end - start))) return true;
    start = end + 1;
  }
  return false;
}

// Controls are left to the check of characters; all other ASCII must be atoms and dots between them.
bool is_dot_string(std::string_view local) {
  if (local.empty() || local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) {
    return false;
  }
  return std::all_of(local.begin(), local.end(), [](char c) {
    return !detail::is_ascii(c) || c == '.' || detail::is_atext(c) || (is_control(c) && !is_blank(c));
  });
}

bool is_literal(std::string_view domain) { return domain.front() == '[' && domain.back() == ']'; }

bool is_domain_shape(std::string_view domain) {
  if (domain.empty()) return false;
  if (std::any_of(domain.begin(), domain.end(), is_blank)) return false;
  return is_literal(domain) || std::none_of(domain.begin(), domain.end(), is_special);
}

struct Parts {
  std::string key;
  std::string delivery;
};

// Everything that is not plain: the rules one by one, in the order of their codes.
AddressProblem read_address(std::string_view text, Parts& parts) {
  using namespace detail;
  if (text.empty()) return AddressProblem::empty;
  if (!simdjson::validate_utf8(text.data(), text.size())) return AddressProblem::encoding;

  if (text.size() > max_address) return AddressProblem::too_long;
  const std::size_t at_sign = text.rfind('@');
  const bool split = at_sign != std::string_view::npos;
  const std::string_view local = split ? text.substr(0, at_sign) : text;
  const std::string_view domain = split ? text.substr(at_sign + 1) : std::string_view();
  std::string nfc;
  IdnaDomain idna;
  if (split) {
    nfc = all_ascii(local) ? std::string(local) : to_nfc(local);
    if (std::max(local.size(), nfc.size()) > max_local_part) return AddressProblem::too_long;
    if (has_label_too_long(domain)) return AddressProblem::too_long;
    idna = to_a_labels(domain);
    if (idna.too_long || nfc.size() + 1 + idna.ascii.size() > max_address) return AddressProblem::too_long;
    if (idna.valid && nfc.size() + 1 + to_u_labels(idna.ascii).size() > max_address) return AddressProblem::too_long;
  }

  if (!split || local.find('@') != std::string_view::npos) return AddressProblem::syntax;
  if (!is_dot_string(local) || !is_domain_shape(domain)) return AddressProblem::syntax;

  if (!are_local_part_characters(local) || !are_local_part_characters(nfc)) return AddressProblem::characters;
  if (!are_domain_characters(domain)) return AddressProblem::characters;

  if (!idna.valid || !is_mail_domain(idna.ascii)) return AddressProblem::domain;

  parts.key = fold_case(nfc) + '@' + idna.ascii;
  parts.delivery = nfc + '@' + idna.ascii;
  return AddressProblem::none;
}

}  // namespace

std::string_view reason_code(AddressProblem problem) {
  switch (problem) {
    case AddressProblem::none: return "";
    case AddressProblem::empty: return "address_empty";
    case AddressProblem::encoding: return "encoding";
    case AddressProblem::too_long: return "address_too_long";
    case AddressProblem::syntax: return "address_syntax";
    case AddressProblem::characters: return "address_characters";
    case AddressProblem::domain: return "address_domain";
  }
  return "unknown";
}

std::int32_t address_key_version() {
  static const std::int32_t version = algorithm_version * 1000 + detail::unicode_version();
  return version;
}

std::optional<EmailAddress> EmailAddress::parse(std::string_view text, AddressProblem* why) {
  text = trimmed(text);
  EmailAddress address;
  AddressProblem problem = AddressProblem::none;
  if (!detail::read_plain_address(text, address.key_, address.delivery_)) {
    Parts parts;
    problem = read_address(text, parts);
    address.key_ = std::move(parts.key);
    address.delivery_ = std::move(parts.delivery);
  }
  if (why != nullptr) *why = problem;
  if (problem != AddressProblem::none) return std::nullopt;
  return address;
}

EmailAddress::EmailAddress(std::string_view text) {
  AddressProblem problem = AddressProblem::none;
  auto address = parse(text, &problem);
  if (!address) {
    const std::string code(reason_code(problem));
    throw Error(ErrorKind::invalid, "not an e-mail address that can be kept (" + code + ")", {{"reason", code}});
  }
  *this = std::move(*address);
}

std::string EmailAddress::display() const {
  const std::size_t domain = delivery_.rfind('@') + 1;
  if (delivery_.find("xn--", domain) == std::string::npos) return delivery_;
  return delivery_.substr(0, domain) + detail::to_u_labels(std::string_view(delivery_).substr(domain));
}

bool EmailAddress::smtputf8() const { return !all_ascii(delivery_); }

}  // namespace mailroll
