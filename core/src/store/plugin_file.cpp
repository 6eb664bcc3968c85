#include "store/plugin_file.hpp"

#include <algorithm>
#include <exception>

#include <dlfcn.h>

#include "mailroll/error.hpp"

namespace mailroll::detail {
namespace {

constexpr std::string_view before = "libmailroll_";
constexpr std::string_view behind = ".so";

/// What dlopen says is about files and symbols; it often begins with the path, which is said anyway.
std::string loader_text(const std::string& path) {
  const char* said = ::dlerror();
  std::string text = said == nullptr ? "it cannot be loaded" : said;
  if (text.starts_with(path + ": ")) text.erase(0, path.size() + 2);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

template <typename Function>
Function* entry_point(void* library, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

std::string missing(std::string_view entry) {
  return "it has no entry point " + std::string(entry) + ", so it is no backend of mailroll";
}

/// Fills in `found`; answers what is wrong, or "".
std::string take(const std::string& path, Backend& found) {
  // Never closed: stores, and what they threw, may outlive everybody who could.
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return loader_text(path);
  const auto abi = entry_point<decltype(mailroll_backend_abi)>(library, "mailroll_backend_abi");
  if (abi == nullptr) return missing("mailroll_backend_abi");
  if (const std::uint32_t number = abi(); number != backend_abi) {
    return "it was compiled for backend ABI " + std::to_string(number) + ", and this libmailroll has " +
           std::to_string(backend_abi) + "; compile it against this one";
  }
  const auto describe = entry_point<decltype(mailroll_backend)>(library, "mailroll_backend");
  if (describe == nullptr) return missing("mailroll_backend");
  try {
    describe(found);
  } catch (const Error& error) {
    return error.what();
  } catch (const std::exception&) {
    return "its entry point mailroll_backend failed";  // nobody knows what its text holds
  }
  if (!is_scheme(found.scheme) || !found.open) return "its entry point mailroll_backend gave no scheme or no open()";
  return {};
}

}  // namespace

bool is_scheme(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 32 && plain(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return plain(c) || c == '_' || c == '+' || c == '-'; });
}

std::string plugin_name(std::string_view scheme) { return std::string(before).append(scheme).append(behind); }

std::string plugin_scheme(std::string_view name) {
  if (!name.starts_with(before) || !name.ends_with(behind) || name.size() < before.size() + behind.size()) return {};
  const std::string_view scheme = name.substr(before.size(), name.size() - before.size() - behind.size());
  return is_scheme(scheme) ? std::string(scheme) : std::string();
}

Backend load_plugin(const std::filesystem::path& file, const std::string& scheme) {
  Backend found;
  std::string problem = take(file.string(), found);
  if (problem.empty() && !scheme.empty() && found.scheme != scheme) {
    problem = "it is for " + found.scheme + "://, which its name does not say";
  }
  if (!problem.empty()) {
    found = {};
    found.scheme = scheme;
    found.problem = std::move(problem);
  }
  found.origin = file.string();
  return found;
}

}  // namespace mailroll::detail
