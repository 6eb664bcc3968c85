/// Which backends there are, and how a store's address finds one. All functions are thread-safe.
///
/// A backend is linked in, was loaded by load_backend(), or is found by its scheme: `foo://` is looked for as
/// `libmailroll_foo.so` in
///   1. the folders given to load_backend(), in that order;
///   2. the folders of the environment variable MAILROLL_BACKEND_PATH, separated by colons;
///   3. the folder in which libmailroll itself stands.
/// The first file that can be loaded is taken. Nothing is loaded before it is asked for, and nothing is ever unloaded.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/store/backend.hpp"
#include "mailroll/store/init.hpp"
#include "mailroll/store/store.hpp"

namespace mailroll {

/// The backends that are linked in, loaded or found, by scheme; what is found is loaded for it. A file that cannot be loaded
/// is listed with its problem, unless another of its scheme can.
MAILROLL_EXPORT std::vector<Backend> backends();

/// `path` is a plugin's file, which is loaded now (again: nothing happens), or a folder, which is searched from now on.
/// Throws Error(storage, backend_not_loaded), saying why, where there is neither or the file cannot be loaded; and
/// Error(conflict) where another backend has the file's scheme already.
MAILROLL_EXPORT void load_backend(const std::filesystem::path& path);

/// Opens the store at an address such as `sqlite:///roll.db` or `memory://`. Throws Error(invalid, unknown_scheme) where no
/// backend of its scheme is there, naming every folder that was searched and the schemes that are known; and
/// Error(storage, backend_not_loaded) where there are files and none can be loaded, with the reason for each. The message
/// never repeats a password.
MAILROLL_EXPORT std::shared_ptr<Store> open_store(const std::string& address);

/// Makes the schema of the store at an address, or brings it up to date: what opening does by itself, with a choice, and what was
/// done. Of many processes that do so at once one works, the others wait, and find nothing to do; where one was killed midway
/// the next one completes its work. Throws what opening throws, in a dry run too; Error(invalid) where stores of that kind have
/// nothing of what the options ask for (reason "distribute" or "foreign_keys"); and Error(refused) where this one cannot be
/// distributed: it has tables already (reason "distribution"), or its server lacks the extension ("extension_missing").
MAILROLL_EXPORT InitPlan init_store(const std::string& address, const InitOptions& options = {});

/// `address` with the password replaced by "***".
MAILROLL_EXPORT std::string without_password(std::string_view address);

namespace detail {
/// The backends linked into libmailroll. Defined in backends/, so that the core names none of them.
std::vector<Backend> linked_backends();
}  // namespace detail

}  // namespace mailroll
