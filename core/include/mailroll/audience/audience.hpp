/// An audience: who in a segment may receive a kind of mail, and why the others may not.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/people/topic.hpp"

namespace mailroll {

namespace detail {
struct People;
struct RollState;
}  // namespace detail

/// Somebody who may receive the mail.
struct Recipient {
  ContactId id;
  std::string email;
  std::string first_name;
  std::string last_name;
};

/// How many of the people meant fall under each reason; they add up to `members`.
struct Counts {
  std::uint64_t members = 0;
  std::uint64_t receives = 0;
  std::uint64_t by_override = 0;                        ///< of `receives`: raised by staff with a written reason
  std::array<std::uint64_t, reason_count> by_reason{};  ///< indexed by Reason
  /// An import, migration, rekey or copy is unfinished: the answer may lack people. So is an import of suppressions: it may have
  /// some too many.
  bool incomplete = false;

  [[nodiscard]] std::uint64_t operator[](Reason reason) const { return by_reason[static_cast<std::size_t>(reason)]; }
};

/// The answer of explain().
struct Verdict {
  ContactId id;
  std::string email;  ///< delivery spelling; "" where there is no such contact
  bool receives = false;
  Reason reason{};
  std::optional<Topic> topic;
  std::optional<Segment> segment;     ///< nothing where none was asked about, or an expression of several
  std::optional<ConsentEvent> event;  ///< the event behind the reason; nothing where a default or an absence decided
  bool incomplete = false;            ///< as Counts::incomplete
  /// The verdict is as the events recorded by then had it; profile, topic and membership are today's.
  std::optional<Time> as_of;
};

/// A question about a segment, or an expression of several, and a topic; asks the store when read. Copies are cheap. Lists
/// are candidates as of about now: pages of the list are read one after the other.
class MAILROLL_EXPORT Audience {
 public:
  class Iterator;

  /// Streams the recipients, ascending by contact id, in bounded memory.
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// Exact, as of now: on one state of the store, reading each segment once.
  [[nodiscard]] Counts count() const;

  /// Part `index` (1..count) of `count` disjoint parts that together are the audience.
  [[nodiscard]] Audience partition(int index, int count) const;

  /// The next recipients after `after` (exclusive; nothing: from the start), at most `limit` (1 to 100,000). An empty
  /// answer means the end.
  [[nodiscard]] std::vector<Recipient> page(const std::optional<ContactId>& after, std::size_t limit) const;

  /// Nothing for an expression of several segments.
  [[nodiscard]] const std::optional<Segment>& segment() const;
  /// What was asked for, as it was said: a segment's name, or an expression.
  [[nodiscard]] const std::string& said() const;
  [[nodiscard]] const std::optional<Topic>& topic() const { return topic_; }
  /// As Counts::incomplete.
  [[nodiscard]] bool incomplete() const;

 private:
  friend class Roll;
  Audience(std::shared_ptr<detail::RollState> roll, detail::People people, std::optional<Topic> topic);

  std::shared_ptr<detail::RollState> roll_;
  std::shared_ptr<const detail::People> people_;
  std::optional<Topic> topic_;
  IdRange range_;
};

/// Input iterator over recipients. Takes a connection only while it reads a page.
class MAILROLL_EXPORT Audience::Iterator {
 public:
  using value_type = Recipient;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  const Recipient& operator*() const;
  const Recipient* operator->() const { return &**this; }
  Iterator& operator++();
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t) const;

 private:
  friend class Audience;
  struct Pages;
  explicit Iterator(std::shared_ptr<Pages> pages) : pages_(std::move(pages)) {}
  std::shared_ptr<Pages> pages_;
};

}  // namespace mailroll
