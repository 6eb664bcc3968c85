/// The nouns as JSON: the field names and their order are the contract with scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailroll/mailroll.hpp"
#include "printer.hpp"

namespace mailroll::cli {

/// null where empty: an unknown name is not an empty one.
Json text_or_null(const std::string& text);
Json time_or_null(const std::optional<Time>& time);

Json to_json(const PropertyValue& value);
Json to_json(const Properties& properties);
Json to_json(const Contact& contact);
Json to_json(const ContactDetails& details);
Json to_json(const Recipient& recipient);
Json to_json(const Segment& segment);
Json to_json(const Topic& topic);
Json to_json(const PropertyDefinition& definition);
Json to_json(const Team& team);
Json to_json(const Suppression& suppression);
Json to_json(const KeyInfo& key);

/// A list of nouns, in its order.
template <typename Noun>
std::vector<Json> to_records(const std::vector<Noun>& nouns) {
  std::vector<Json> records;
  records.reserve(nouns.size());
  for (const Noun& noun : nouns) records.push_back(to_json(noun));
  return records;
}

/// Needs the topics to tell an event's scope by its name; a topic that has been deleted has none.
Json to_json(const ConsentEvent& event, const std::vector<Topic>& topics);

}  // namespace mailroll::cli
