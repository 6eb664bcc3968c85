#include "audience/snapshot_fields.hpp"

#include <algorithm>
#include <utility>

#include "mailroll/error.hpp"
#include "store/filter_values.hpp"

namespace mailroll::detail {

namespace {

/// A name is read as a filter reads it, so that quotes and suggestions are the same.
FilterValue read_name(const std::string& name, const FilterNames& names) {
  const Filter filter = check_filter(parse_filter(name + " is null"), names);
  const FilterValue* value = filter.operation == FilterOperation::is_null ? filter.values.data() : nullptr;
  if (value == nullptr || value->offset.count() != 0 ||
      (value->kind != FilterValue::Kind::field && value->kind != FilterValue::Kind::property)) {
    throw Error(ErrorKind::invalid, "a column of a snapshot is named by one field or property",
                {{"reason", "snapshot_column"}});
  }
  return *value;
}

bool is_same(const FilterValue& one, const FilterValue& other) {
  return one.kind == other.kind && one.field == other.field && one.property == other.property;
}

}  // namespace

std::optional<PropertyValue> FieldColumn::value(std::size_t ordinal) const {
  if (!known.test(ordinal)) {
    const auto other = others.find(ordinal);
    return other == others.end() ? std::nullopt : std::optional(other->second);
  }
  switch (type) {
    case PropertyType::string: return std::string(texts[places[ordinal]]);
    case PropertyType::number: return numbers[ordinal];
    case PropertyType::boolean: return truths.test(ordinal);
    case PropertyType::datetime: return time_of(times[ordinal]);
  }
  return {};
}

std::uint64_t FieldColumn::octets() const {
  return (known.word_count() + truths.word_count()) * sizeof(Word) + numbers.capacity() * sizeof(double) +
         times.capacity() * sizeof(std::int64_t) + places.capacity() * sizeof(std::uint32_t) + texts.octets() +
         others.size() * sizeof(PropertyValue);
}

const FieldColumn* SnapshotFields::find(const FilterValue& value) const {
  const auto found =
      std::ranges::find_if(columns, [&](const FieldColumn& column) { return is_same(column.what, value); });
  return found == columns.end() ? nullptr : &*found;
}

std::uint64_t SnapshotFields::octets() const {
  std::uint64_t octets = 0;
  for (const FieldColumn& column : columns) octets += column.octets();
  for (const Bits& set : opted_in) octets += set.word_count() * sizeof(Word);
  for (const Bits& set : opted_out) octets += set.word_count() * sizeof(Word);
  return octets + unsubscribed.word_count() * sizeof(Word);
}

FieldsOfPeople::FieldsOfPeople(const std::vector<std::string>& names, std::vector<PropertyDefinition> properties,
                               const std::vector<Topic>& topics) {
  fields_.names = names;
  fields_.properties = std::move(properties);
  const FilterNames known{.properties = fields_.properties, .segments = {}, .topics = {}};
  for (const std::string& name : names) {
    FilterValue what = read_name(name, known);
    if (fields_.find(what) != nullptr) continue;
    FieldColumn& column = fields_.columns.emplace_back();
    const auto defined = std::ranges::find(fields_.properties, what.property, &PropertyDefinition::key);
    const bool is_property = what.kind == FilterValue::Kind::property;
    column.type = is_property ? defined->type : type_of(what.field);
    column.what = std::move(what);
    need_properties_ = need_properties_ || is_property;
  }
  places_.resize(fields_.columns.size());
  fields_.opted_in.resize(topics.size());
  fields_.opted_out.resize(topics.size());
  for (std::size_t place = 0; place < topics.size(); ++place) {
    const auto number = static_cast<std::size_t>(number_of(topics[place].number));
    if (number >= topic_at_.size()) topic_at_.resize(number + 1, topics.size());
    topic_at_[number] = place;
  }
}

void FieldsOfPeople::add(const PeopleColumns& people, std::size_t first) {
  for (const PeopleColumns::Stands& row : people.standings) {
    if (row.standing.unsubscribed()) fields_.unsubscribed.set(first + row.contact);
  }
  for (const PeopleColumns::Chose& row : people.choices) {
    const auto number = static_cast<std::size_t>(number_of(row.topic));
    const std::size_t place = number < topic_at_.size() ? topic_at_[number] : fields_.opted_in.size();
    if (place == fields_.opted_in.size()) continue;
    if (row.state.said == Said::opt_in) fields_.opted_in[place].set(first + row.contact);
    if (row.state.said == Said::opt_out) fields_.opted_out[place].set(first + row.contact);
  }
}

void FieldsOfPeople::add(const Contact& contact, std::size_t ordinal) {
  std::map<std::string, PropertyValue> properties;
  if (need_properties_) properties = contact.properties.values();
  for (FieldColumn& column : fields_.columns) {
    if (column.what.kind == FilterValue::Kind::field) {
      if (const auto value = field_of(contact, column.what.field)) put(column, ordinal, *value);
    } else if (const auto held = properties.find(column.what.property); held != properties.end()) {
      put(column, ordinal, held->second);
    }
  }
}

void FieldsOfPeople::put(FieldColumn& column, std::size_t ordinal, const PropertyValue& value) {
  const auto at = [ordinal](auto& values) -> auto& {
    if (values.size() <= ordinal) values.resize(ordinal + 1);
    return values[ordinal];
  };
  if (type_of(value) != column.type) {
    column.others.emplace(ordinal, value);
    return;
  }
  column.known.set(ordinal);
  switch (column.type) {
    case PropertyType::string: {
      const auto& text = std::get<std::string>(value);
      Places& places = places_[static_cast<std::size_t>(&column - fields_.columns.data())];
      auto place = places.find(text);
      if (place == places.end()) {
        place = places.emplace(text, static_cast<std::uint32_t>(column.texts.size())).first;
        column.texts.add(text);
      }
      at(column.places) = place->second;
      break;
    }
    case PropertyType::number: at(column.numbers) = std::get<double>(value); break;
    case PropertyType::boolean:
      if (std::get<bool>(value)) column.truths.set(ordinal);
      break;
    case PropertyType::datetime: at(column.times) = microseconds(std::get<Time>(value)); break;
  }
}

SnapshotFields FieldsOfPeople::finish(std::size_t contacts, std::size_t bits) && {
  const auto fit = [contacts](auto& values) {
    values.resize(contacts);
    values.shrink_to_fit();
  };
  for (FieldColumn& column : fields_.columns) {
    column.known.fit(bits);
    switch (column.type) {
      case PropertyType::string:
        fit(column.places);
        if (column.texts.size() == 0) column.texts.add("");  // what the places of those without any text point at
        column.texts.shrink();
        break;
      case PropertyType::number: fit(column.numbers); break;
      case PropertyType::boolean: column.truths.fit(bits); break;
      case PropertyType::datetime: fit(column.times); break;
    }
  }
  for (Bits& set : fields_.opted_in) set.fit(bits);
  for (Bits& set : fields_.opted_out) set.fit(bits);
  fields_.unsubscribed.fit(bits);
  return std::move(fields_);
}

}  // namespace mailroll::detail
