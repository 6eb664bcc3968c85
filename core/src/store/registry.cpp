#include "mailroll/store/registry.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "mailroll/error.hpp"
#include "store/plugin_file.hpp"
#include "store/plugin_places.hpp"

namespace mailroll {

namespace {

namespace fs = std::filesystem;

/// What is known so far; one for the program, since there is one libmailroll.
class Registry {
 public:
  std::vector<Backend> all();
  void load(const fs::path& path);
  /// The backend of a scheme. Throws as open_store() does.
  Backend find(const std::string& scheme);

 private:
  [[nodiscard]] const Backend* loaded(const std::string& scheme) const;
  [[nodiscard]] std::string known() const;

  std::mutex mutex_;  // held while a file is loaded, so that nobody loads it twice
  std::vector<Backend> loaded_ = detail::linked_backends();
  std::vector<fs::path> folders_;
};

Registry& registry() {
  static Registry only;
  return only;
}

[[noreturn]] void not_loaded(const std::string& what) {
  throw Error(ErrorKind::storage, what, {{"reason", "backend_not_loaded"}});
}

/// ", "-separated.
void append(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

std::string listed(const std::vector<fs::path>& folders) {
  std::string list;
  for (const fs::path& folder : folders) append(list, folder.string());
  return list;
}

const Backend* Registry::loaded(const std::string& scheme) const {
  const auto found = std::ranges::find(loaded_, scheme, &Backend::scheme);
  return found == loaded_.end() ? nullptr : &*found;
}

std::string Registry::known() const {
  std::set<std::string> schemes;
  for (const Backend& backend : loaded_) schemes.insert(backend.scheme);
  for (const fs::path& folder : detail::plugin_places(folders_)) {
    for (const fs::path& file : detail::plugins_in(folder)) {
      schemes.insert(detail::plugin_scheme(file.filename().string()));
    }
  }
  std::string list;
  for (const std::string& scheme : schemes) append(list, scheme + "://");
  return list;
}

std::vector<Backend> Registry::all() {
  const std::lock_guard lock(mutex_);
  std::vector<Backend> unusable;
  for (const fs::path& folder : detail::plugin_places(folders_)) {
    for (const fs::path& file : detail::plugins_in(folder)) {
      const std::string scheme = detail::plugin_scheme(file.filename().string());
      if (loaded(scheme) != nullptr) continue;
      Backend found = detail::load_plugin(file, scheme);
      (found.problem.empty() ? loaded_ : unusable).push_back(std::move(found));
    }
  }
  std::vector<Backend> all = loaded_;
  std::ranges::copy_if(unusable, std::back_inserter(all),
                       [this](const Backend& backend) { return loaded(backend.scheme) == nullptr; });
  std::ranges::stable_sort(all, {}, &Backend::scheme);
  return all;
}

void Registry::load(const fs::path& path) {
  std::error_code problem;
  const fs::path whole = fs::canonical(path, problem);
  if (problem) not_loaded("no backend there, neither a file nor a folder: " + path.string());
  const std::lock_guard lock(mutex_);
  if (fs::is_directory(whole, problem)) {
    folders_.push_back(whole);
    return;
  }
  if (std::ranges::find(loaded_, whole.string(), &Backend::origin) != loaded_.end()) return;
  Backend found = detail::load_plugin(whole, "");
  if (!found.problem.empty()) not_loaded("the backend " + found.origin + " cannot be loaded: " + found.problem);
  if (const Backend* other = loaded(found.scheme)) {
    throw Error(ErrorKind::conflict,
                "the backend " + found.origin + " is for " + found.scheme +
                    "://, and there is one already: " + other->origin + "; only the first of a program is used",
                {{"reason", "scheme_taken"}});
  }
  loaded_.push_back(std::move(found));
}

Backend Registry::find(const std::string& scheme) {
  const std::lock_guard lock(mutex_);
  if (!detail::is_scheme(scheme)) {
    throw Error(
        ErrorKind::invalid,
        "not the address of a store: it starts with none of " + known() + "; for a file write sqlite:///roll.db",
        {{"reason", "unknown_scheme"}});
  }
  if (const Backend* found = loaded(scheme)) return *found;
  const std::string name = detail::plugin_name(scheme);
  const std::vector<fs::path> places = detail::plugin_places(folders_);
  std::string refused;
  for (const fs::path& folder : places) {
    std::error_code unreadable;
    const fs::path file = folder / name;
    if (!fs::exists(file, unreadable)) continue;
    Backend found = detail::load_plugin(file, scheme);
    if (found.problem.empty()) return loaded_.emplace_back(std::move(found));
    refused += (refused.empty() ? "" : "; ") + found.origin + ": " + found.problem;
  }
  if (!refused.empty()) {
    not_loaded("no backend for " + scheme + ":// can be loaded: " + refused + "; looked in " + listed(places));
  }
  throw Error(ErrorKind::invalid,
              "no backend for " + scheme + "://: there is no " + name + " in " + listed(places) + "; known are " +
                  known() + " (MAILROLL_BACKEND_PATH names more folders)",
              {{"reason", "unknown_scheme"}});
}

Backend backend_of(const std::string& address) {
  const auto end = address.find("://");
  return registry().find(address.substr(0, end == std::string::npos ? 0 : end));
}

}  // namespace

std::vector<Backend> backends() { return registry().all(); }

void load_backend(const std::filesystem::path& path) { registry().load(path); }

std::shared_ptr<Store> open_store(const std::string& address) { return backend_of(address).open(address); }

InitPlan init_store(const std::string& address, const InitOptions& options) {
  const Backend backend = backend_of(address);
  if (backend.init) return backend.init(address, options);
  if (options.distribute || options.foreign_keys) {
    throw Error(ErrorKind::invalid,
                "a store of " + backend.scheme + ":// has no tables to distribute or to bind; leave the option out",
                {{"reason", options.distribute ? "distribute" : "foreign_keys"}});
  }
  InitPlan plan;
  if (!options.dry_run) plan.from_version = plan.to_version = backend.open(address)->schema_version();
  return plan;
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
  // password= and sslpassword= among the options
  const std::string_view word = "password=";
  for (auto found = shown.find(word, start); found != std::string::npos; found = shown.find(word, found)) {
    found += word.size();
    const auto end = std::min(shown.find('&', found), shown.size());
    if (shown.find('?', start) < found) shown.replace(found, end - found, "***");
  }
  return shown;
}

}  // namespace mailroll
