#include "mailroll/transfer/row.hpp"

#include <array>

namespace mailroll {
namespace {

struct FieldName {
  std::string_view word;     // as we write it
  std::string_view letters;  // what is left of a header without blanks, hyphens and underscores, in lower case
};

constexpr std::array<FieldName, field_count> field_names{{
    {"email", "email"},
    {"id", "id"},
    {"first_name", "firstname"},
    {"last_name", "lastname"},
    {"unsubscribed", "unsubscribed"},
    {"unsubscribed_at", "unsubscribedat"},
    {"created_at", "createdat"},
    {"updated_at", "updatedat"},
    {"audience", "audience"},
}};
constexpr std::size_t longest_letters = 14;

}  // namespace

bool parse_field(std::string_view header, Field& field) {
  std::array<char, longest_letters> letters{};
  std::size_t length = 0;
  for (const char c : header) {
    if (c == ' ' || c == '\t' || c == '-' || c == '_') continue;
    if (length == letters.size()) return false;
    letters[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view word(letters.data(), length);
  for (std::size_t i = 0; i < field_count; ++i) {
    if (field_names[i].letters == word) {
      field = static_cast<Field>(i);
      return true;
    }
  }
  return false;
}

std::string_view to_string(Field field) { return field_names[static_cast<std::size_t>(field)].word; }

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::address_empty: return "address_empty";
    case RejectReason::encoding: return "encoding";
    case RejectReason::address_too_long: return "address_too_long";
    case RejectReason::address_syntax: return "address_syntax";
    case RejectReason::address_characters: return "address_characters";
    case RejectReason::address_domain: return "address_domain";
    case RejectReason::value_type: return "value_type";
    case RejectReason::row_shape: return "row_shape";
    case RejectReason::unknown_property: return "unknown_property";
    case RejectReason::suppressed_erased: return "suppressed_erased";
  }
  return "unknown";
}

}  // namespace mailroll
