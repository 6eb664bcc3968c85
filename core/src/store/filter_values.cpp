#include "store/filter_values.hpp"

#include <cstddef>
#include <string>

namespace mailroll::detail {

namespace {

Truth truth(bool holds) { return holds ? Truth::yes : Truth::no; }

std::optional<PropertyValue> some(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<PropertyValue>(text);
}

/// Bytes of the letter that begins here.
std::size_t letter_at(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U) ++length;
  return length;
}

}  // namespace

std::optional<PropertyValue> field_of(const Contact& contact, FilterField field) {
  switch (field) {
    case FilterField::email: return some(contact.email);
    case FilterField::email_domain: return some(contact.email.substr(contact.email.rfind('@') + 1));
    case FilterField::first_name: return some(contact.first_name);
    case FilterField::last_name: return some(contact.last_name);
    case FilterField::created_at: return contact.created_at;
    case FilterField::updated_at: return contact.updated_at;
  }
  return {};
}

Truth compared(FilterOperation operation, const std::optional<PropertyValue>& left,
               const std::optional<PropertyValue>& right) {
  // A property whose definition went and came back may hold a value of another type: it is none of this one.
  if (!left || !right || left->index() != right->index()) return Truth::unknown;
  switch (operation) {
    case FilterOperation::equal: return truth(*left == *right);
    case FilterOperation::unequal: return truth(*left != *right);
    case FilterOperation::less: return truth(*left < *right);
    case FilterOperation::at_most: return truth(*left <= *right);
    case FilterOperation::greater: return truth(*left > *right);
    case FilterOperation::at_least: return truth(*left >= *right);
    default: return Truth::unknown;
  }
}

bool is_like(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t behind_any = std::string_view::npos;  // in the pattern, behind the last %
  std::size_t tried = 0;
  while (at < text.size()) {
    const char wanted = in < pattern.size() ? pattern[in] : '\0';
    if (in < pattern.size() && wanted == '%') {
      behind_any = ++in;
      tried = at;
      continue;
    }
    const std::size_t letter = letter_at(text, at);
    const std::size_t from = wanted == '\\' ? in + 1 : in;
    const std::size_t length = from < pattern.size() ? letter_at(pattern, from) : 0;
    if (in < pattern.size() &&
        (wanted == '_' || (length > 0 && text.substr(at, letter) == pattern.substr(from, length)))) {
      at += letter;
      in = wanted == '_' ? in + 1 : from + length;
      continue;
    }
    if (behind_any == std::string_view::npos) return false;
    tried += letter_at(text, tried);
    at = tried;
    in = behind_any;
  }
  while (in < pattern.size() && pattern[in] == '%') ++in;
  return in == pattern.size();
}

}  // namespace mailroll::detail
