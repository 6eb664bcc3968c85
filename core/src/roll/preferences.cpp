#include "mailroll/roll.hpp"
#include "roll/bearer.hpp"

namespace mailroll {

Preferences Roll::preferences(std::string_view token) const {
  const Token believed = detail::believed(*state_, token, {Purpose::leave, Purpose::confirm, Purpose::export_person});
  return state_->read([&](Session& session) {
    return detail::preferences_of(*state_, detail::bearer_of(*state_, session, believed, false));
  });
}

}  // namespace mailroll
