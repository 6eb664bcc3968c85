/// Conditions of a filter in the words of a dialect, on contacts c, standings s, and what they have joined.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/filter_sql.hpp"
#include "sql/filter_words.hpp"

namespace mailroll::detail {

class FilterConditions {
 public:
  FilterConditions(const FilterWords& words, const FilterQuery& whom) : words_(words), whom_(whom) {}

  /// What is asked of a condition. `true_only`: that it is true of the same people. `exactly`: that it is also false of the same
  /// and NULL of the same, as `not` needs it.
  enum class Sense { true_only, exactly };
  /// Nothing where the dialect cannot say it, or where it would be too long.
  std::optional<std::string> condition(const Filter& filter, Sense sense);

  /// Takes a value; the placeholder to name it by.
  std::string value(SqlValue value);

  /// What conditions so far need, each with the condition that chooses one row of a contact at most.
  struct Join {
    std::string_view table;
    std::string alias;
    std::string condition;
  };
  [[nodiscard]] const std::vector<Join>& joins() const { return joins_; }
  [[nodiscard]] const std::map<std::string, SqlValue, std::less<>>& values() const { return values_; }

 private:
  using Words = std::optional<std::string>;  ///< nothing: there are none

  Words said(const Filter& filter, Sense sense);
  Words joined_by(const Filter& filter, std::string_view word, Sense sense);
  Words negation(const Filter& filter);
  Words compared(FilterOperation operation, const FilterValue& left, const FilterValue& right, Sense sense);
  Words of_field(FilterOperation operation, const FilterValue& field, const FilterValue& constant);
  Words of_property(FilterOperation operation, const FilterValue& property, const FilterValue& constant, Sense sense);
  Words starting(const FilterValue& value, const std::string& text, Sense sense);
  Words is_null(const FilterValue& value);
  Words in_segment(SegmentNumber number, Sense sense);
  Words choice_is(const Filter& filter, Said word);
  Words receiving(TopicNumber number);

  /// The constant's time, with the other side's interval taken from it; nothing where it is no time.
  [[nodiscard]] std::optional<Time> time_for(const FilterValue& constant, const FilterValue& other) const;
  /// NULL where it is nothing.
  [[nodiscard]] std::string_view column_of(FilterField field) const;
  /// The alias of the row that is joined.
  std::optional<std::string> join(std::string_view table, std::string_view column, std::int32_t number);
  std::string contains(std::string text);
  std::string text_value(std::string text);
  /// That a property is there with a value of this type.
  std::string has_type(const std::string& key, PropertyType type);

  const FilterWords& words_;
  const FilterQuery& whom_;
  std::vector<Join> joins_;
  std::map<std::string, SqlValue, std::less<>> values_;
  std::size_t conditions_ = 0;
};

}  // namespace mailroll::detail
