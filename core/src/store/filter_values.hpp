/// What conditions of a filter are made of, for all that evaluate them.
#pragma once

#include <optional>
#include <string_view>

#include "mailroll/people/contact.hpp"
#include "mailroll/store/filter_match.hpp"

namespace mailroll::detail {

/// Nothing: null.
std::optional<PropertyValue> field_of(const Contact& contact, FilterField field);

/// `equal` to `at_least`. Unknown where one is null, or they are of two types.
Truth compared(FilterOperation operation, const std::optional<PropertyValue>& left,
               const std::optional<PropertyValue>& right);

/// In the pattern % is any letters, _ one letter, and \ takes the next letter as it is.
bool is_like(std::string_view text, std::string_view pattern);

}  // namespace mailroll::detail
