#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "audience/snapshot_file.hpp"
#include "audience/stored_bits.hpp"

namespace mailroll::detail {

namespace {

using Json = nlohmann::json;

[[noreturn]] void unfit() { throw std::runtime_error("what stands in the file does not fit together"); }

template <typename Definition>
Json common_of(const Definition& definition) {
  return {{"id", to_string(definition.id)},
          {"number", number_of(definition.number)},
          {"name", definition.name},
          {"created_at", microseconds(definition.created_at)},
          {"updated_at", microseconds(definition.updated_at)}};
}

Uuid id_in(const Json& json, const char* key) {
  const std::optional<Uuid> id = parse_uuid(json.at(key).get<std::string>());
  if (!id) unfit();
  return *id;
}

/// A whole number that fits; nlohmann would convert fractions and what is beyond the type, whatever comes out.
template <typename Number>
Number whole(const Json& json) {
  if (!json.is_number_integer()) unfit();
  const bool beyond = json.is_number_unsigned() ? !std::in_range<Number>(json.get<std::uint64_t>())
                                                : !std::in_range<Number>(json.get<std::int64_t>());
  if (beyond) unfit();
  return json.get<Number>();
}

template <typename Definition>
void read_common(const Json& json, Definition& out) {
  out.id = decltype(out.id)(id_in(json, "id"));
  out.number = decltype(out.number){whole<std::int32_t>(json.at("number"))};
  out.name = json.at("name").get<std::string>();
  out.created_at = time_of(whole<std::int64_t>(json.at("created_at")));
  out.updated_at = time_of(whole<std::int64_t>(json.at("updated_at")));
}

Topic topic_in(const Json& json) {
  Topic topic;
  read_common(json, topic);
  topic.description = json.at("description").get<std::string>();
  const auto subscription = parse_subscription(json.at("default_subscription").get<std::string>());
  const auto visibility = parse_visibility(json.at("visibility").get<std::string>());
  if (!subscription || !visibility) unfit();
  topic.default_subscription = *subscription;
  topic.visibility = *visibility;
  topic.basis = json.at("basis").get<std::string>();
  return topic;
}

std::optional<std::size_t> reason_of(const std::string& word) {
  for (std::size_t r = 0; r < reason_count; ++r) {
    if (to_string(static_cast<Reason>(r)) == word) return r;
  }
  return std::nullopt;
}

/// How contacts are judged must be an answer for everybody, and one only: else counts would not add up.
void require_partition(Judged& judged, const SnapshotColumns& columns) {
  Bits all = columns.nobody();
  std::uint64_t sum = 0;
  judged.count();
  for (std::size_t r = 0; r < reason_count; ++r) {
    if (!judged.by_reason[r]) continue;
    add_either(all.words(), judged.by_reason[r]->words(), all.word_count());
    sum += judged.counts[r];
  }
  if (sum != columns.ids.contacts() || all.count() != sum) unfit();
}

/// What follows the sets, and nothing else.
void read_expiring(std::string_view bytes, std::size_t count, SnapshotColumns& columns) {
  constexpr std::size_t size = sizeof(std::int64_t) + sizeof(std::uint32_t);
  if (count != bytes.size() / size || bytes.size() % size != 0) unfit();
  std::vector<Expiring> expiring;
  expiring.reserve(count);
  for (; !bytes.empty(); bytes.remove_prefix(size)) {
    std::int64_t at = 0;
    Expiring& one = expiring.emplace_back();
    std::memcpy(&at, bytes.data(), sizeof at);
    std::memcpy(&one.ordinal, bytes.data() + sizeof at, sizeof one.ordinal);
    one.at = time_of(at);
    if (one.ordinal >= columns.ids.ordinals()) unfit();
  }
  if (!std::ranges::is_sorted(expiring)) unfit();
  columns.expiring = std::make_shared<const std::vector<Expiring>>(std::move(expiring));
}

}  // namespace

std::optional<std::int64_t> stored_cursor(const SnapshotColumns& columns) {
  return columns.rules ? std::nullopt : columns.cursor;
}

namespace {

std::span<const Expiring> expiring_of(const SnapshotColumns& columns) {
  if (!stored_cursor(columns)) return {};
  const auto first = std::ranges::upper_bound(*columns.expiring, columns.as_of, {}, &Expiring::at);
  return {first, columns.expiring->end()};
}

}  // namespace

std::string stored_expiring(const SnapshotColumns& columns) {
  std::string bytes;
  for (const Expiring& one : expiring_of(columns)) {
    const std::int64_t at = microseconds(one.at);
    bytes.append(reinterpret_cast<const char*>(&at), sizeof at);
    bytes.append(reinterpret_cast<const char*>(&one.ordinal), sizeof one.ordinal);
  }
  return bytes;
}

std::vector<const Bits*> sets_of(const SnapshotColumns& columns) {
  std::vector<const Bits*> sets;
  sets.reserve(columns.members.size());
  for (const auto& members : columns.members) sets.push_back(members.get());
  const auto add = [&](const std::shared_ptr<const Bits>& set) {
    if (set && std::ranges::find(sets, set.get()) == sets.end()) sets.push_back(set.get());
  };
  for (const Judged& judged : columns.mails) {
    for (const auto& set : judged.by_reason) add(set);
    add(judged.by_override);
  }
  return sets;
}

std::string words_of(const SnapshotColumns& columns, const std::vector<std::size_t>& lengths) {
  const std::vector<const Bits*> sets = sets_of(columns);
  const auto place_of = [&](const Bits* set) { return std::ranges::find(sets, set) - sets.begin(); };
  Json words = {{"team", to_string(columns.team)},
                {"as_of", microseconds(columns.as_of)},
                {"incomplete", columns.incomplete},
                {"expiring", expiring_of(columns).size()},
                {"sets", lengths},
                {"segments", Json::array()},
                {"topics", Json::array()},
                {"mails", Json::array()}};
  if (const auto cursor = stored_cursor(columns)) words["cursor"] = *cursor;
  for (const Segment& segment : columns.segments) words["segments"].push_back(common_of(segment));
  for (const Topic& topic : columns.topics) {
    Json json = common_of(topic);
    json["description"] = topic.description;
    json["default_subscription"] = to_string(topic.default_subscription);
    json["visibility"] = to_string(topic.visibility);
    json["basis"] = topic.basis;
    words["topics"].push_back(std::move(json));
  }
  for (const Judged& judged : columns.mails) {
    Json json = {{"by_reason", Json::object()}};
    for (std::size_t r = 0; r < reason_count; ++r) {
      if (!judged.by_reason[r]) continue;
      json["by_reason"][std::string(to_string(static_cast<Reason>(r)))] = place_of(judged.by_reason[r].get());
    }
    if (judged.by_override) json["by_override"] = place_of(judged.by_override.get());
    words["mails"].push_back(std::move(json));
  }
  return words.dump();
}

void read_words(std::string_view words, std::string_view sets, SnapshotColumns& columns) {
  std::string_view stored = sets;
  const Json json = Json::parse(words);
  columns.team = id_in(json, "team");
  columns.as_of = time_of(whole<std::int64_t>(json.at("as_of")));
  columns.incomplete = json.at("incomplete").get<bool>();
  std::vector<std::shared_ptr<const Bits>> read;
  for (const Json& each : json.at("sets")) {
    const auto length = whole<std::size_t>(each);
    Bits bits;
    if (length > stored.size() || !read_stored_bits(stored.substr(0, length), columns.ids.ordinals(), bits)) unfit();
    bits.fit(columns.words() * word_bits);
    stored.remove_prefix(length);
    read.push_back(std::make_shared<const Bits>(std::move(bits)));
  }
  if (json.contains("cursor")) columns.cursor = whole<std::int64_t>(json.at("cursor"));
  read_expiring(stored, json.value("expiring", std::size_t{0}), columns);
  for (const Json& segment : json.at("segments")) {
    read_common(segment, columns.segments.emplace_back());
    columns.members.push_back(read.at(columns.members.size()));
  }
  for (const Json& topic : json.at("topics")) columns.topics.push_back(topic_in(topic));
  for (const Json& mail : json.at("mails")) {
    Judged& judged = columns.mails.emplace_back();
    for (const auto& [word, place] : mail.at("by_reason").items()) {
      const std::optional<std::size_t> reason = reason_of(word);
      if (!reason) unfit();
      judged.by_reason[*reason] = read.at(whole<std::size_t>(place));
    }
    if (mail.contains("by_override")) judged.by_override = read.at(whole<std::size_t>(mail.at("by_override")));
    require_partition(judged, columns);
  }
  if (columns.mails.size() != columns.topics.size() + 1) unfit();
}

}  // namespace mailroll::detail
