#include "mailroll/people/key.hpp"

namespace mailroll {

std::string_view to_string(KeyKind kind) { return kind == KeyKind::hash ? "hash" : "link"; }

std::string_view to_string(KeyState state) {
  switch (state) {
    case KeyState::signing: return "signing";
    case KeyState::retired: return "retired";
    case KeyState::revoked: return "revoked";
  }
  return "";
}

std::optional<KeyKind> parse_key_kind(std::string_view word) {
  if (word == "hash") return KeyKind::hash;
  if (word == "link") return KeyKind::link;
  return std::nullopt;
}

}  // namespace mailroll
