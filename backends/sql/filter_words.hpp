/// The words in which conditions of filters differ between engines, as data. They are about a contact c.
#pragma once

#include <string_view>

#include "sql/dialect.hpp"

namespace mailroll::detail {

/// {} is a placeholder.
struct FilterWords {
  std::string_view position;      ///< the function of (text, text in it) that answers where, from 1; 0: not in it
  std::string_view text_value;    ///< a text that is bound, where nothing else says that it is one
  std::string_view email_domain;  ///< what is behind the last @; NULL where that is nothing
  std::string_view
      property_number;              ///< the 64-bit number that a property is, NULL where it is none. "": cannot be said
  std::string_view property_place;  ///< what property_number has for {}: here {} is the key
  std::string_view number_value;    ///< a number that is bound, in digits
  bool bounds_in_joins = false;     ///< the bounds of a walk are said of every table, since they are not carried over
};

const FilterWords& filter_words(const Dialect& dialect);

}  // namespace mailroll::detail
