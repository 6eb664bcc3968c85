#include "transfer/stored_people.hpp"

#include "roll/roll_state.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t page_size = 4096;
const Person nobody;

}  // namespace

const Person& StoredPeople::find(const ContactId& id) {
  if (few_) {
    asked_ = session_.person(team_, id, parts);
    return asked_;
  }
  for (;;) {
    while (at_ < page_.size() && page_[at_].id < id) ++at_;
    if (at_ < page_.size()) return page_[at_].id == id ? page_[at_] : nobody;
    if (done_) return nobody;
    session_.people(team_, rest_, parts, page_size, page_);
    at_ = 0;
    done_ = page_.size() < page_size;
    if (!done_) {
      done_ = page_.back().id == rest_.last;
      rest_.first = next_id(page_.back().id);
    }
  }
}

bool StoredPeople::none(Session& session, TeamNumber team, const IdRange& range) {
  std::vector<Person> found;
  session.people(team, range, parts, 1, found);
  return found.empty();
}

}  // namespace mailroll::detail
