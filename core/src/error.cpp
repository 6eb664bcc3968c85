#include "mailroll/error.hpp"

#include <utility>

namespace mailroll {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::refused: return "refused";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::storage: return "storage";
    case ErrorKind::cancelled: return "cancelled";
  }
  return "unknown";
}

Error::Error(ErrorKind kind, const std::string& message, ErrorDetails details)
    : std::runtime_error(message), kind_(kind), details_(std::move(details)) {}

// Out of line, so that the type's identity (vtable, typeinfo) lives in libmailroll alone.
Error::~Error() = default;

std::string Error::reason() const {
  const auto found = details_.find("reason");
  return found == details_.end() ? std::string() : found->second;
}

}  // namespace mailroll
