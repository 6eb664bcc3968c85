// What libmailroll asks this plugin, and the store that it hands out.
#include <filesystem>
#include <string_view>

#include <mailroll/error.hpp>
#include <mailroll/store/backend.hpp>

#include "jsonl_session.hpp"

namespace jsonl {
namespace {

constexpr std::string_view scheme = "jsonl:///";

std::filesystem::path path_of(const std::string& address) {
  if (!address.starts_with(scheme) || address.size() == scheme.size()) {
    throw Error(
        ErrorKind::invalid,
        "not the address of a file of JSON lines; write jsonl:///roll.jsonl, or jsonl:////srv/roll.jsonl for an "
        "absolute path",
        {{"reason", "address_of_store"}});
  }
  return std::filesystem::absolute(address.substr(scheme.size()));
}

class JsonlStore final : public Store {
 public:
  explicit JsonlStore(const std::string& address)
      : name_(address), file_(std::make_shared<JsonlFile>(path_of(address), address)) {}

  std::unique_ptr<Session> connect() override { return std::make_unique<JsonlSession>(file_); }
  [[nodiscard]] int max_sessions() const override { return 64; }
  [[nodiscard]] Capabilities capabilities() const override {
    return {Capability::several_sessions, Capability::survives_reopening, Capability::several_processes,
            Capability::forgets};
  }
  int schema_version() override { return format_version; }
  [[nodiscard]] int newest_schema_version() const override { return format_version; }
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  std::string name_;
  std::shared_ptr<JsonlFile> file_;
};

}  // namespace
}  // namespace jsonl

std::uint32_t mailroll_backend_abi() { return mailroll::backend_abi; }

void mailroll_backend(mailroll::Backend& backend) {
  backend.scheme = "jsonl";
  backend.description = "a file of JSON lines on this machine, held in memory and written whole";
  backend.open = [](const std::string& address) { return std::make_shared<jsonl::JsonlStore>(address); };
}
