/// What a person's acts on their own page amount to: which changes they ask for, as things stand. Pure.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/standing.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/time.hpp"

namespace mailroll::detail {

/// A change of one scope, to be recorded as the person's.
struct PersonsChange {
  TopicNumber scope = everything_scope;
  Action action{};                  ///< opt_in, opt_out or pending
  std::optional<Time> valid_until;  ///< of the opt_in
};
using PersonsChanges = std::vector<PersonsChange>;

/// Whether mail of the topic goes to whoever made this choice, leaving aside what holds for everything.
bool receives_by_choice(const Topic& topic, const ScopeState& choice, Time now);

/// Whether the page shows the topic: a public one to everybody, a private one to whoever opted in to it.
bool is_shown(const Topic& topic, const ScopeState& choice);

/// Leaving a scope. Nothing where the person has left it before: repeating records nothing. Where only others had opted them
/// out, the person joins them, since that is what a program or staff cannot lift.
PersonsChanges leaving(const Permission& now, TopicNumber scope);

/// Saving the page: `shown` are the topics that stood on it, `ticked` those with a tick. A topic that was not shown, is not
/// shown to this person, or does not exist is left alone; so is everything as a whole. A tick raises only what is not
/// received: a box that was ticked already says nothing. What waits for its confirmation goes on waiting.
PersonsChanges saving(const Permission& now, std::span<const Topic> topics, const std::set<TopicId>& shown,
                      const std::set<TopicId>& ticked, Time at);

/// Coming back from everything. Nothing where the person is not out.
PersonsChanges coming_back(const Permission& now);

/// Taking back the person's act of that time: each scope as it was before, as far as it can be said, and never more mail
/// than before. Nothing for a scope in which something was recorded since, and nothing at all after a removal.
PersonsChanges taking_back(std::span<const ConsentEvent> events, std::span<const Topic> topics, Time act, Time at);

/// Whether there is nothing that a double opt-in could add: the person gets this mail already and stays so, though whoever
/// filled in the form may have been somebody else. `topic` nothing: everything.
bool is_in_already(const Permission& now, bool has_profile, const Topic* topic, Time at);

/// The pending event that a confirmation is of; nothing where the ledger has none such in that scope, or where an opt-out
/// of that scope or of everything, a removal or an erasure came after it.
const ConsentEvent* request_to_confirm(std::span<const ConsentEvent> events, TopicNumber scope, const Uuid& reference);

}  // namespace mailroll::detail
