/// What filters ask of contacts, in columns: of those fields and properties that were named when a snapshot was loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/bits.hpp"
#include "mailroll/audience/filter.hpp"
#include "mailroll/people/contact.hpp"
#include "mailroll/people/property.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/store/people_columns.hpp"

namespace mailroll::detail {

/// Many texts in one; numbered from 0 as they came.
class Texts {
 public:
  void add(std::string_view text) {
    letters_.append(text);
    ends_.push_back(letters_.size());
  }
  [[nodiscard]] std::string_view operator[](std::size_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(letters_).substr(begin, ends_[number] - begin);
  }
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] std::uint64_t octets() const { return letters_.capacity() + ends_.capacity() * sizeof(std::size_t); }
  void shrink() {
    letters_.shrink_to_fit();
    ends_.shrink_to_fit();
  }

 private:
  std::string letters_;
  std::vector<std::size_t> ends_;
};

/// One value for each contact, by ordinal. Only what belongs to `type` is filled.
struct FieldColumn {
  FilterValue what;  ///< a field or a property
  PropertyType type{};
  Bits known;                         ///< whoever has a value of this type
  std::vector<double> numbers;        ///< of a number
  std::vector<std::int64_t> times;    ///< of a time, in microseconds
  Bits truths;                        ///< of a boolean
  std::vector<std::uint32_t> places;  ///< of a text: where it stands in `texts`
  Texts texts;                        ///< each once
  /// Values of another type than the property is defined with now, which is rare.
  std::map<std::size_t, PropertyValue> others;

  [[nodiscard]] std::optional<PropertyValue> value(std::size_t ordinal) const;
  [[nodiscard]] std::uint64_t octets() const;
};

struct SnapshotFields {
  std::vector<std::string> names;              ///< of the columns, as asked for
  std::vector<PropertyDefinition> properties;  ///< all that the team had defined
  std::vector<FieldColumn> columns;
  std::vector<Bits> opted_in;   ///< for each topic
  std::vector<Bits> opted_out;  ///< for each topic
  Bits unsubscribed;            ///< from everything

  /// Nothing where it was not loaded.
  [[nodiscard]] const FieldColumn* find(const FilterValue& value) const;
  [[nodiscard]] std::uint64_t octets() const;
};

/// Makes the columns of people who are added in the order of their ids.
class FieldsOfPeople {
 public:
  /// Names as in filters: fields, and keys of properties, in quotes where they would mean something else. Invalid as
  /// check_filter(), or with reason "snapshot_column" where it is no name.
  FieldsOfPeople(const std::vector<std::string>& names, std::vector<PropertyDefinition> properties,
                 const std::vector<Topic>& topics);
  /// Whether profiles must be read for that.
  [[nodiscard]] bool need_profiles() const { return !fields_.columns.empty(); }
  /// What they said; their ordinals begin with `first`.
  void add(const PeopleColumns& people, std::size_t first);
  void add(const Contact& contact, std::size_t ordinal);
  [[nodiscard]] SnapshotFields finish(std::size_t contacts, std::size_t bits) &&;

 private:
  void put(FieldColumn& column, std::size_t ordinal, const PropertyValue& value);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Places = std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>>;

  SnapshotFields fields_;
  std::vector<Places> places_;         // of each column
  std::vector<std::size_t> topic_at_;  // by number: its place, or as many as there are
  bool need_properties_ = false;
};

}  // namespace mailroll::detail
