#include "mailroll/roll.hpp"

#include "audience/people_meant.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

Contacts Roll::contacts() const { return Contacts(state_); }
Segments Roll::segments() const { return Segments(state_); }
Topics Roll::topics() const { return Topics(state_); }
PropertyDefinitions Roll::properties() const { return PropertyDefinitions(state_); }
Suppressions Roll::suppressions() const { return Suppressions(state_); }
Events Roll::events() const { return Events(state_); }
Teams Roll::teams() const { return Teams(state_); }
Keys Roll::keys() const { return Keys(state_); }

Audience Roll::audience(const SegmentRef& segment, const TopicRef& topic) const {
  return state_->read([&](Session& session) {
    std::optional<Topic> about;
    if (topic.text) about = detail::find_topic(*state_, session, topic);
    return Audience(state_, detail::find_people_meant(*state_, session, segment), std::move(about));
  });
}

Usage Roll::usage() const {
  const TeamCounts counts = state_->session()->counts(state_->team.number);
  return {.global = counts.contacts, .per_audience = counts.memberships};
}

const Team& Roll::team() const { return state_->team; }
Actor Roll::actor() const { return state_->actor; }
std::string Roll::store_name() const { return state_->store->name(); }

}  // namespace mailroll
