#include "mailroll/store/registry.hpp"

#include <algorithm>

#include "mailroll/error.hpp"

namespace mailroll {

std::vector<Backend> backends() {
  std::vector<Backend> known = detail::linked_backends();
  std::sort(known.begin(), known.end(), [](const Backend& a, const Backend& b) { return a.scheme < b.scheme; });
  return known;
}

std::shared_ptr<Store> open_store(const std::string& address) {
  const auto end = address.find("://");
  const std::string scheme = address.substr(0, end == std::string::npos ? 0 : end);
  std::string known;
  for (const Backend& backend : backends()) {
    if (!scheme.empty() && backend.scheme == scheme) return backend.open(address);
    known += (known.empty() ? "" : ", ") + backend.scheme + "://";
  }
  throw Error(ErrorKind::invalid,
              "not the address of a store: it starts with none of " + known + "; for a file write sqlite:///roll.db",
              {{"reason", "unknown_scheme"}});
}

std::string without_password(std::string_view address) {
  std::string shown(address);
  const auto start = shown.find("://");
  if (start == std::string::npos) return shown;
  const auto authority_end = shown.find_first_of("/?", start + 3);
  const auto at = shown.rfind('@', authority_end);
  const auto colon = shown.find(':', start + 3);
  if (at != std::string::npos && at > start && colon != std::string::npos && colon < at) {
    shown.replace(colon + 1, at - colon - 1, "***");
  }
  return shown;
}

}  // namespace mailroll
