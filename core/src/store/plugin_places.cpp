#include "store/plugin_places.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include <dlfcn.h>

#include "store/plugin_file.hpp"

namespace mailroll::detail {
namespace {

namespace fs = std::filesystem;

/// Of the file that this function is in, behind its symbolic links: what stands beside it there belongs to it.
fs::path own_folder() {
  static const fs::path folder = [] {
    Dl_info about{};
    if (::dladdr(reinterpret_cast<const void*>(&own_folder), &about) == 0 || about.dli_fname == nullptr)
      return fs::path();
    std::error_code unreadable;
    const fs::path file = fs::canonical(about.dli_fname, unreadable);
    return unreadable ? fs::path() : file.parent_path();
  }();
  return folder;
}

void add(std::vector<fs::path>& places, const fs::path& folder) {
  if (folder.empty()) return;  // an empty entry would be whatever folder the program is in
  std::error_code gone;
  fs::path whole = fs::absolute(folder, gone).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  if (!gone && std::find(places.begin(), places.end(), whole) == places.end()) places.push_back(std::move(whole));
}

}  // namespace

std::vector<fs::path> plugin_places(const std::vector<fs::path>& given) {
  std::vector<fs::path> places;
  for (const fs::path& folder : given) add(places, folder);
  // Not that of a program which runs with more rights than whoever set it.
  if (const char* variable = ::secure_getenv("MAILROLL_BACKEND_PATH")) {
    std::string_view rest = variable;
    while (!rest.empty()) {
      const auto colon = std::min(rest.find(':'), rest.size());
      add(places, rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  }
  add(places, own_folder());
  return places;
}

std::vector<fs::path> plugins_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder, unreadable), end; !unreadable && entry != end;
       entry.increment(unreadable)) {
    if (!plugin_scheme(entry->path().filename().string()).empty()) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace mailroll::detail
