/// Which backends there are, and how a store's address finds one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll {

/// A kind of store.
struct Backend {
  std::string scheme;       ///< of its addresses: "sqlite" for sqlite:///roll.db
  std::string description;  ///< one line for people, with the engine's version
  std::string origin;       ///< "linked in", or the path of its file
  /// Opens the store at `address` (whole, with its scheme). Throws Error(storage) with reason unreachable,
  /// not_a_database or newer_schema.
  std::function<std::shared_ptr<Store>(const std::string& address)> open;
};

/// The backends known, by scheme.
MAILROLL_EXPORT std::vector<Backend> backends();

/// Opens the store at an address such as `sqlite:///roll.db` or `memory://`. Throws Error(invalid) for an unknown scheme,
/// naming those that are known. The message never repeats a password.
MAILROLL_EXPORT std::shared_ptr<Store> open_store(const std::string& address);

/// `address` with the password replaced by "***".
MAILROLL_EXPORT std::string without_password(std::string_view address);

namespace detail {
/// The backends linked into libmailroll. Defined in backends/, so that the core names none of them.
std::vector<Backend> linked_backends();
}  // namespace detail

}  // namespace mailroll
