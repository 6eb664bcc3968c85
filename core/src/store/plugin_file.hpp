/// A backend's shared library: its name, and how it is loaded.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "mailroll/store/backend.hpp"

namespace mailroll::detail {

/// Whether it can stand before "://", and in a file's name: [a-z0-9][a-z0-9_+-]*, at most 32.
bool is_scheme(std::string_view text);

/// "libmailroll_foo.so" for "foo".
std::string plugin_name(std::string_view scheme);
/// "foo" for "libmailroll_foo.so"; "" for any other name.
std::string plugin_scheme(std::string_view name);

/// Loads the file (absolute path); answers it with its origin. Where it cannot be loaded, or is for another scheme than
/// `scheme` ("": for any), the answer has a problem, and `scheme` as its scheme.
Backend load_plugin(const std::filesystem::path& file, const std::string& scheme);

}  // namespace mailroll::detail
