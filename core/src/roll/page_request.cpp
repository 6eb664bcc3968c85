#include "roll/page_request.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mailroll::detail {
namespace {

struct KnownAction {
  std::string_view word;
  Purpose purpose;
  Wish wish;
  Channel channel;
};

constexpr std::array known_actions{
    KnownAction{"leave", Purpose::leave, Wish::leave, Channel::page},
    KnownAction{"mailto", Purpose::leave, Wish::leave, Channel::mailto},
    KnownAction{"all", Purpose::leave, Wish::leave_all, Channel::page},
    KnownAction{"save", Purpose::leave, Wish::save, Channel::page},
    KnownAction{"come_back", Purpose::leave, Wish::come_back, Channel::page},
    KnownAction{"undo", Purpose::leave, Wish::undo, Channel::page},
    KnownAction{"confirm", Purpose::confirm, Wish::confirm, Channel::confirm},
};

void add_ids(std::set<TopicId>& ids, std::string_view list) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    if (const std::optional<Uuid> id = parse_uuid(one)) ids.insert(TopicId(*id));
  }
}

}  // namespace

PageRequest read_page_request(const FormFields& body, Purpose purpose) {
  PageRequest request;
  std::set<std::string_view> actions;
  bool one_click = false;
  for (const auto& [name, value] : body) {
    if (name == "List-Unsubscribe" && value == "One-Click") one_click = true;
    if (name == "action") actions.insert(value);
    if (name == "shown") add_ids(request.shown, value);
    if (name == "on") add_ids(request.ticked, value);
    if (name == "undo") request.undo = value;
    if (name == "email") request.email = value;
  }
  if (one_click) return request;
  const auto known = std::ranges::find_if(known_actions, [&](const KnownAction& action) {
    return actions.size() == 1 && action.purpose == purpose && action.word == *actions.begin();
  });
  request.body_ok = known != known_actions.end();
  if (!request.body_ok) return request;
  request.wish = known->wish;
  request.channel = known->channel;
  return request;
}

}  // namespace mailroll::detail
