/// What the rows of one contact say about permission: whom they take out, and what they ask to raise.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/store/person.hpp"
#include "transfer/merge_rules.hpp"
#include "transfer/prepared_row.hpp"

namespace mailroll::detail {

/// The rows of one contact in one audience.
struct InAudience {
  AudienceIndex audience = 0;
  std::uint32_t rows = 0;     ///< accepted ones; 0: no member, only an opt-out
  bool unsubscribed = false;  ///< any row says so
  bool undated = false;       ///< ... and one of them does not say when
  std::vector<Time> dates;    ///< distinct, of those that do
};

/// A raise that the input asks for.
struct Statement {
  ConsentEvent event;
  const AudienceTarget* audience = nullptr;  ///< migrations: the audience that it comes of
};

struct Statements {
  std::vector<InAudience> audiences;  ///< by first row
  std::vector<ConsentEvent> opt_outs;
  std::vector<Statement> opt_ins;
  /// Unsubscribed in all of the input's audiences that the contact is in. The event is for everything, and holds where
  /// the input is complete and nothing is opted in afterwards.
  bool left_all = false;
  std::optional<ConsentEvent> left_all_event;
  /// Some row takes the contact out of everything, whatever else stands.
  bool left_everything = false;

  void clear();
};

/// Whose statements they are. A statement that was read when the contact had another id is the same event still.
class Speaker {
 public:
  /// `stored` is the contact with events and aliases, or one with nothing in it; it outlives this.
  Speaker(const ContactId& id, const Person& stored);
  [[nodiscard]] const ContactId& id() const { return id_; }
  /// derived_event_id(), under the contact's id or the former one under which the event is stored already.
  [[nodiscard]] EventId event_id(TopicNumber topic, const std::string& source, Action action) const;

 private:
  ContactId id_;
  const Person& stored_;
  std::vector<ContactId> former_;
};

/// `rows` are all rows of one contact, rejected ones whose opt-out counts among them.
void read_statements(std::span<const PreparedRow> rows, const Speaker& speaker, const MergeRules& rules,
                     Statements& out);
/// Migrations: the same rows, whose `out.audiences` are there already, under the policy `everything`.
void state_strictly(const Speaker& speaker, const MergeRules& rules, Statements& out);

}  // namespace mailroll::detail
