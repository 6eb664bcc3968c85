#include "address/ascii_address.hpp"

#include <array>
#include <cstdint>

namespace mailroll::detail {
namespace {

enum Class : std::uint8_t { other = 0, letter = 1, digit = 2, hyphen = 4, atext = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 'a'; c <= 'z'; ++c) classes[c] = letter | atext;
  for (unsigned c = 'A'; c <= 'Z'; ++c) classes[c] = letter | atext;
  for (unsigned c = '0'; c <= '9'; ++c) classes[c] = digit | atext;
  for (const char c : std::string_view("!#$%&'*+/=?^_`{|}~")) classes[static_cast<unsigned char>(c)] = atext;
  classes['-'] = hyphen | atext;
  return classes;
}

constexpr std::array<std::uint8_t, 256> classes = make_classes();

constexpr std::uint8_t class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

// Without a branch: the bit is all that tells the two cases of an ASCII letter apart.
constexpr char lower(char c) {
  return static_cast<char>(static_cast<unsigned char>(c) | ((class_of(c) & letter) != 0 ? 0x20 : 0));
}

bool is_a_label(std::string_view label) { return label.substr(0, 4) == "xn--"; }

// One pass over lower-case text; each label is judged at its end.
bool are_mail_labels(std::string_view domain) {
  if (domain.empty() || domain.size() > max_domain) return false;
  std::size_t start = 0;
  std::uint8_t seen = 0;
  for (std::size_t at = 0;; ++at) {
    if (at < domain.size() && domain[at] != '.') {
      const std::uint8_t found = class_of(domain[at]) & (letter | digit | hyphen);
      if (found == 0) return false;
      seen |= found;
      continue;
    }
    const std::size_t length = at - start;
    if (length == 0 || length > max_label || domain[start] == '-' || domain[at - 1] == '-') return false;
    if (at == domain.size()) break;
    start = at + 1;
    seen = 0;
  }
  const std::string_view tld = domain.substr(start);
  return start != 0 && (seen == letter || is_a_label(tld)) && !is_special_use(tld);
}

}  // namespace

bool is_atext(char c) { return (class_of(c) & atext) != 0; }

bool is_special_use(std::string_view tld) {
  switch (tld.size()) {
    case 4: return tld == "test" || tld == "arpa";
    case 5: return tld == "local" || tld == "onion";
    case 7: return tld == "invalid";
    case 9: return tld == "localhost";
    default: return false;
  }
}

bool is_mail_domain(std::string_view domain) { return are_mail_labels(domain); }

bool read_plain_address(std::string_view text, std::string& key, std::string& delivery) {
  if (text.size() > max_address) return false;
  char folded[max_address];
  std::size_t at = 0;
  bool after_dot = true;  // nothing may start with a dot
  for (; at < text.size() && text[at] != '@'; ++at) {
    const char c = text[at];
    if (is_atext(c)) {
      after_dot = false;
    } else if (c != '.' || after_dot) {
      return false;
    } else {
      after_dot = true;
    }
    folded[at] = lower(c);
  }
  if (after_dot || at > max_local_part || at == text.size()) return false;
  const std::size_t domain_at = at + 1;
  folded[at] = '@';
  for (at = domain_at; at < text.size(); ++at) folded[at] = lower(text[at]);
  const std::string_view domain(folded + domain_at, text.size() - domain_at);
  if (domain.find("xn--") != std::string_view::npos || !are_mail_labels(domain)) return false;
  key.assign(folded, text.size());
  delivery.reserve(text.size());
  delivery.assign(text, 0, domain_at);
  delivery.append(domain);
  return true;
}

}  // namespace mailroll::detail
