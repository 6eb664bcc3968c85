#include <algorithm>
#include <array>
#include <cstdio>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/bearer.hpp"
#include "roll/lookup.hpp"

namespace mailroll {
namespace {

constexpr std::size_t longest_line = 997;  // octets without CR LF (RFC 5322, 2.1.1)

Error wrong_base_url(const std::string& why) {
  return {ErrorKind::invalid, "the base URL " + why + "; give e.g. https://mail.example.com", {{"reason", "base_url"}}};
}

bool is_host_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '.';
}

/// Letters that may stand in a path (RFC 3986), without those that a header field could be misread by.
bool is_path_letter(char letter) {
  return is_host_letter(letter) || std::string_view("/_~!$&*+=:@%").find(letter) != std::string_view::npos;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

/// The base URL without a final slash.
std::string checked_base_url(std::string_view text) {
  const bool secure = text.starts_with("https://");
  if (!secure && !text.starts_with("http://")) throw wrong_base_url("does not begin with https://");
  const std::string_view rest = text.substr(secure ? 8 : 7);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view host = rest.substr(0, slash);
  if (host.find('@') != std::string_view::npos) throw wrong_base_url("holds a user name");
  if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    if (!is_port(host.substr(colon + 1))) throw wrong_base_url("has a port that is none");
    host = host.substr(0, colon);
  }
  if (host.empty() || !std::ranges::all_of(host, is_host_letter)) throw wrong_base_url("has a host that is none");
  if (!secure && host != "localhost" && host != "127.0.0.1") {
    throw wrong_base_url("is not https, without which one-click unsubscribing does not work");
  }
  if (!std::ranges::all_of(rest.substr(slash), is_path_letter)) {
    throw wrong_base_url("has blanks, quotes, a query or other letters that it must not have");
  }
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

/// All but unreserved letters as %XX, so that no letter means anything in a URI or in a header field.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    const bool unreserved = is_host_letter(letter) || letter == '_' || letter == '~';
    if (unreserved) {
      out += letter;
    } else {
      std::array<char, 4> code{};
      std::snprintf(code.data(), code.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(letter)));
      out += code.data();
    }
  }
  return out;
}

std::string mailto_uri(const std::string& mailbox, const std::string& subject) {
  const std::optional<EmailAddress> address = EmailAddress::parse(mailbox);
  if (!address) {
    throw Error(ErrorKind::invalid, "mailto is not an e-mail address; give one that takes opt-outs by mail",
                {{"reason", "mailto"}});
  }
  const std::string& delivery = address->delivery();
  const std::size_t at = delivery.rfind('@');
  return "mailto:" + percent_encoded(delivery.substr(0, at)) + delivery.substr(at) + "?subject=" + subject;
}

std::string sign_for(detail::RollState& roll, const Who& who, const Scope& scope, Purpose purpose,
                     const std::optional<Uuid>& message) {
  return roll.read([&](Session& session) {
    const Person person = detail::find_person(roll, session, who, {.contact = true, .link_epoch = true});
    Token token;
    token.purpose = purpose;
    if (scope.topic) token.topic = detail::find_topic(roll, session, *scope.topic).id;
    token.reference = message;
    return detail::signed_token(roll, token, person, EmailAddress::parse(who.text));
  });
}

}  // namespace

namespace detail {

std::string signed_token(const RollState& roll, Token token, const Person& person,
                         const std::optional<EmailAddress>& given) {
  const std::shared_ptr<const LinkKeys> keys = roll.link_keys();
  token.team = roll.team.number;
  token.contact = person.id;
  token.epoch = static_cast<std::uint16_t>(person.link_epoch);
  token.issued = std::chrono::floor<std::chrono::days>(roll.clock());
  const std::optional<EmailAddress> held = person.contact ? EmailAddress::parse(person.contact->email) : given;
  if (held) token.address_tag = keys->signing.address_tag(held->key());
  return keys->signing.sign(token);
}

}  // namespace detail

std::string Roll::link(const Who& who, const Scope& scope, Purpose purpose, const LinkOptions& options) const {
  if (purpose != Purpose::leave && purpose != Purpose::export_person) {
    throw Error(ErrorKind::invalid, "a link is made to leave or to export; subscribe_to_confirm makes what confirms",
                {{"reason", "purpose"}});
  }
  if (purpose == Purpose::export_person && (scope.topic || options.message)) {
    throw Error(ErrorKind::invalid, "a link to export is about everything, and stands in no message",
                {{"reason", "purpose"}});
  }
  return checked_base_url(options.base_url) + "/u/" + sign_for(*state_, who, scope, purpose, options.message);
}

std::vector<Header> Roll::list_unsubscribe_headers(const Who& who, const Scope& scope,
                                                   const HeaderOptions& options) const {
  const std::string base_url = checked_base_url(options.base_url);
  const std::string signed_text = sign_for(*state_, who, scope, Purpose::leave, options.message);
  std::string uris = "<" + base_url + "/u/" + signed_text + ">";
  if (!options.mailto.empty()) uris += ", <" + mailto_uri(options.mailto, signed_text) + ">";
  constexpr std::string_view name = "List-Unsubscribe";
  if (name.size() + 2 + uris.size() > longest_line) throw wrong_base_url("is too long for a header field");
  return {{std::string(name), uris}, {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
}

std::string_view to_string(ActOutcome outcome) {
  switch (outcome) {
    case ActOutcome::left: return "left";
    case ActOutcome::left_all: return "left_all";
    case ActOutcome::saved: return "saved";
    case ActOutcome::came_back: return "came_back";
    case ActOutcome::confirmed: return "confirmed";
    case ActOutcome::undone: return "undone";
  }
  return "";
}

}  // namespace mailroll
