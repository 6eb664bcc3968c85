#include "mailroll/roll/topics.hpp"

#include "mailroll/error.hpp"
#include "roll/filter_uses.hpp"
#include "roll/permission_options.hpp"
#include "roll/roll_state.hpp"

namespace mailroll {

namespace {

std::string checked_description(std::string_view text) {
  return text.empty() ? std::string() : detail::checked_name(text, max_topic_description, "topic's description");
}

}  // namespace

Topic Topics::create(const NewTopic& topic) {
  Topic made;
  made.name = detail::checked_name(topic.name, max_topic_name, "topic's name");
  made.description = checked_description(topic.description);
  made.default_subscription = topic.default_subscription;
  made.visibility = topic.visibility;
  made.basis = detail::checked_basis(topic.basis);
  return roll_->write([&](Session& session) {
    made.created_at = made.updated_at = roll_->clock();
    made.id = TopicId(make_uuid_v7(made.created_at));
    made.number = TopicNumber(session.take_numbers(roll_->team.number, 1));
    session.put_topic(roll_->team.number, made);
    return made;
  });
}

Topic Topics::get(const TopicRef& topic) const {
  const detail::PooledSession session = roll_->session();
  return detail::find_topic(*roll_, *session, topic);
}

std::vector<Topic> Topics::list() const { return roll_->session()->topics(roll_->team.number); }

Topic Topics::update(const TopicRef& topic, const TopicChange& change) {
  return roll_->write([&](Session& session) {
    // All of it is written: what others made of it meanwhile would be as before, and what they deleted there again.
    session.lock_shared(roll_->team.number, 0);
    const Topic before = detail::find_topic(*roll_, session, topic);
    Topic after = before;
    if (change.name) after.name = detail::checked_name(*change.name, max_topic_name, "topic's name");
    if (change.description) after.description = checked_description(*change.description);
    if (change.visibility) after.visibility = *change.visibility;
    if (change.basis) after.basis = detail::checked_basis(*change.basis);
    if (after != before) {
      after.updated_at = roll_->clock();
      session.put_topic(roll_->team.number, after);
    }
    return after;
  });
}

void Topics::remove(const TopicRef& topic) {
  roll_->write([&](Session& session) {
    session.lock_shared(roll_->team.number, 0);
    const Topic doomed = detail::find_topic(*roll_, session, topic);
    detail::check_unused(session, roll_->team.number, doomed);
    session.remove_topic(roll_->team.number, doomed.number);
  });
}

TopicCounts Topics::count(const TopicRef& topic) const {
  const detail::PooledSession session = roll_->session();
  const TopicNumber number = detail::find_topic(*roll_, *session, topic).number;
  return {.opt_ins = session->count_choices(roll_->team.number, number, Said::opt_in),
          .opt_outs = session->count_choices(roll_->team.number, number, Said::opt_out)};
}

}  // namespace mailroll
