#include "transfer/permission_digest.hpp"

#include <array>

#include "hex.hpp"
#include "mailroll/consent/fold.hpp"
#include "sodium.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t digest_size = 32;

}  // namespace

struct PermissionDigest::State {
  crypto_generichash_state hash;
};

PermissionDigest::PermissionDigest() : state_(std::make_unique<State>()) {
  require_sodium();
  crypto_generichash_init(&state_->hash, nullptr, 0, digest_size);
}

PermissionDigest::~PermissionDigest() = default;

void PermissionDigest::add_team(const Uuid& id) {
  add_id(id);
  flush();
}

void PermissionDigest::add(const Person& person) {
  const Permission permission = fold(person.events);
  const Standing& standing = permission.standing;
  add_id(person.id);
  add_scope(standing.everything);
  add_number(standing.erased ? 1 : 0);
  add_number(standing.suppressions);
  add_id(standing.blocked_by);
  add_time(standing.last_event);
  add_time(standing.removed_at);
  add_number(static_cast<std::int64_t>(permission.choices.size()));
  for (const Choice& choice : permission.choices) {
    add_number(number_of(choice.topic));
    add_scope(choice.state);
  }
  flush();
}

std::string PermissionDigest::hex() const {
  crypto_generichash_state ending = state_->hash;
  std::array<std::uint8_t, digest_size> digest{};
  crypto_generichash_final(&ending, digest.data(), digest.size());
  return to_hex(digest.data(), digest.size());
}

void PermissionDigest::add_number(std::int64_t number) {
  auto rest = static_cast<std::uint64_t>(number);
  for (int byte = 0; byte < 8; ++byte, rest >>= 8) waiting_.push_back(static_cast<char>(rest & 255));
}

void PermissionDigest::add_id(const Uuid& id) {
  waiting_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

void PermissionDigest::add_time(const std::optional<Time>& time) {
  add_number(time ? 1 : 0);
  add_number(time ? microseconds(*time) : 0);
}

void PermissionDigest::add_scope(const ScopeState& scope) {
  add_number(static_cast<std::int64_t>(scope.said));
  add_number(scope.objectors.bits);
  add_number(scope.by_override ? 1 : 0);
  add_time(scope.valid_until);
  add_id(scope.event);
}

void PermissionDigest::flush() {
  crypto_generichash_update(&state_->hash, reinterpret_cast<const unsigned char*>(waiting_.data()), waiting_.size());
  waiting_.clear();
}

}  // namespace mailroll::detail
