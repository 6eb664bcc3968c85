/// Reading the small tables that acts of people ask for, on every engine, through its own rows: SOCI would cross a network three
/// times for each. The others are in sql/definitions.hpp.
#pragma once

#include <vector>

#include "mailroll/store/store.hpp"
#include "sql/rows.hpp"
#include "sql/statements/key_ring_sql.hpp"
#include "sql/statements/segments_sql.hpp"
#include "sql/statements/topics_sql.hpp"

namespace mailroll::detail {

/// Session::segments().
template <typename Engine>
std::vector<Segment> read_segments(Engine& engine, TeamNumber team) {
  std::vector<Segment> found;
  typename Engine::Rows rows(engine, sql::select_segments);
  rows.bind(number_of(team));
  while (rows.step()) {
    Segment& segment = found.emplace_back();
    segment.number = SegmentNumber{rows.number(0)};
    rows.read_id(1, segment.id);
    segment.name.assign(rows.text(2));
    segment.created_at = rows.time(3);
    segment.updated_at = rows.time(4);
    segment.filter.assign(rows.text(5));
    if (!rows.is_null(6)) segment.materialised = MaterialisedMembers{rows.time(6), rows.large_number(7)};
  }
  return found;
}

/// Session::topics().
template <typename Engine>
std::vector<Topic> read_topics(Engine& engine, TeamNumber team) {
  std::vector<Topic> found;
  typename Engine::Rows rows(engine, sql::select_topics);
  rows.bind(number_of(team));
  while (rows.step()) {
    Topic& topic = found.emplace_back();
    topic.number = TopicNumber{rows.number(0)};
    rows.read_id(1, topic.id);
    topic.name.assign(rows.text(2));
    topic.description.assign(rows.text(3));
    topic.default_subscription = static_cast<Subscription>(rows.number(4));
    topic.visibility = static_cast<Visibility>(rows.number(5));
    topic.basis.assign(rows.text(6));
    topic.created_at = rows.time(7);
    topic.updated_at = rows.time(8);
  }
  return found;
}

/// Session::keys().
template <typename Engine>
std::vector<StoredKey> read_keys(Engine& engine) {
  std::vector<StoredKey> found;
  typename Engine::Rows rows(engine, sql::select_keys);
  while (rows.step()) {
    StoredKey& key = found.emplace_back();
    key.kind = static_cast<KeyKind>(rows.number(0));
    key.id = rows.number(1);
    key.state = static_cast<KeyState>(rows.number(2));
    key.fingerprint.assign(rows.text(3));
    if (!rows.is_null(4)) read_bytes(rows.text(4), key.secret.emplace());
    key.created_at = rows.time(5);
    key.changed_at = rows.optional_time(6);
  }
  return found;
}

}  // namespace mailroll::detail
