// Whatever the bytes: a code or an address, and an address keeps its promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailroll/address/email_address.hpp"
#include "require.hpp"

namespace {

using mailroll::fuzz::require;

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != 0x7F; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mailroll::AddressProblem;
  using mailroll::EmailAddress;
  AddressProblem problem{};
  const auto address = EmailAddress::parse(std::string_view(reinterpret_cast<const char*>(data), size), &problem);
  require(address.has_value() == (problem == AddressProblem::none));
  require(reason_code(problem).empty() == address.has_value());
  if (!address) return 0;

  const std::string& delivery = address->delivery();
  require(delivery.size() <= 254 && delivery.find('@') >= 1 && delivery.find('@') <= 64);
  require(std::count(delivery.begin(), delivery.end(), '@') == 1);
  require(is_printable(delivery) && is_printable(address->key()) && is_printable(address->display()));

  const auto again = EmailAddress::parse(delivery);
  require(again && again->key() == address->key() && again->delivery() == delivery);
  const auto shown = EmailAddress::parse(address->display());
  require(shown && shown->delivery() == delivery);
  // Folding can lengthen a key beyond what an address may have; nothing else may be wrong with it.
  const auto folded = EmailAddress::parse(address->key(), &problem);
  require(folded ? folded->key() == address->key() : problem == AddressProblem::too_long);
  return 0;
}
