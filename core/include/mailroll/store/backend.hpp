/// What a storage backend gives to mailroll, and how a shared library hands it over. For those who write backends:
/// backends/README.md leads through it, examples/backend_plugin is one, and CMake's mailroll_add_backend() builds it.
///
/// A plugin is one file, `libmailroll_<scheme>.so`, that is linked to the shared libmailroll, implements Store and Session
/// (store.hpp), and defines the two functions at the end of this file. It uses public headers only; whatever else it links
/// is its own affair, and is not seen by others (RTLD_LOCAL). It is built by a compiler whose C++ library is the one that
/// libmailroll was built with. It throws mailroll::Error and nothing else. Once loaded it stays until the program ends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "mailroll/export.hpp"
#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll {

/// Says which port a plugin was compiled against. It is raised by one with every change after which a plugin that was
/// compiled before must not be called: a virtual function of Store or Session added, removed, moved or changed; a member of
/// a struct that the port passes added, removed, moved or given another type; other numbers behind an enum; Backend itself.
/// A plugin of another number is refused before anything else of it is called; it only needs to be compiled again, or to
/// learn the new function. tests/architecture/port_abi.txt records what the port looked like at this number.
inline constexpr std::uint32_t backend_abi = 2;

/// A kind of store.
struct Backend {
  std::string scheme;       ///< of its addresses, "sqlite" for sqlite:///roll.db: [a-z0-9][a-z0-9_+-]*, at most 32
  std::string description;  ///< one line for people, with the engine's version
  std::string origin;       ///< "linked in", or the path of its file. Set by libmailroll
  std::string problem;      ///< why its file cannot be loaded, one line; "" where it can. Set by libmailroll
  /// Opens the store at `address` (whole, with its scheme). Called from any thread. Throws Error(storage) with reason
  /// unreachable, not_a_database or newer_schema, and Error(invalid) where it is no address of this kind; no message ever
  /// repeats a password. Nothing where there is a problem.
  std::function<std::shared_ptr<Store>(const std::string& address)> open;
  /// Makes the schema of the store at `address`, or brings it up to date, as init_store() (registry.hpp) says. Nothing where a
  /// store of this kind has no schema, or none with anything to choose: then init_store() opens it.
  std::function<InitPlan(const std::string& address, const InitOptions& options)> init;
};

}  // namespace mailroll

// What a plugin defines, by these names. Calls into the registry (registry.hpp) from inside them wait for ever.
extern "C" {
/// The first that is called: `return mailroll::backend_abi;` and nothing else.
MAILROLL_EXPORT std::uint32_t mailroll_backend_abi();
/// Fills in scheme, description and open, once. Opens nothing. May throw mailroll::Error: then the plugin is not loaded.
MAILROLL_EXPORT void mailroll_backend(mailroll::Backend& backend);
}
