/// What can go wrong, in few kinds, carried as data.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"

namespace mailroll {

/// Few kinds; what exactly went wrong stands in `details()`.
enum class ErrorKind {
  invalid,    ///< the value given can never be right: an address without a domain, a name of 51 characters
  not_found,  ///< the thing named does not exist
  refused,    ///< a rule forbids it, e.g. raising permission against a person's own opt-out
  conflict,   ///< it contradicts what is there, e.g. a name that several segments bear
  storage,    ///< the store failed; details["reason"] says how (below)
  cancelled,  ///< the caller's progress function asked to stop
};

/// Lower-case word for the kind, e.g. "not_found": the `kind` of the CLI's JSON errors and of Python's exceptions.
MAILROLL_EXPORT std::string_view to_string(ErrorKind kind);

using ErrorDetails = std::map<std::string, std::string>;

/// The one exception type of the library.
///
/// `what()` is one line: what, where, and what to do about it. It never holds an e-mail address, a token or a
/// person's name; `details()` neither. Usual keys: "reason" (a code), "file", "row", "line", "column", "ids".
/// Reasons of kind `storage`: unreachable, not_a_database, newer_schema, lost_key, backend_not_loaded (all five at open),
/// busy, timeout (longer than a server lets a statement take), full, read_only, denied (the database user may not), corrupt,
/// contended (others were in the way, again and again), disconnected (nobody knows whether the last change was kept), failed,
/// copy_differs (see transfer/copy.hpp), not_a_snapshot and newer_snapshot (see audience/snapshot.hpp).
class MAILROLL_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, ErrorDetails details = {});
  ~Error() override;

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] const ErrorDetails& details() const noexcept { return details_; }
  /// details()["reason"], or "" where there is none.
  [[nodiscard]] std::string reason() const;

 private:
  ErrorKind kind_;
  ErrorDetails details_;
};

}  // namespace mailroll
