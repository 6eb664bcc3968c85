/// What the body of a POST to a person's page asks for.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "mailroll/consent/event.hpp"
#include "mailroll/consent/token.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/roll/links.hpp"

namespace mailroll::detail {

enum class Wish : std::uint8_t { leave, leave_all, save, come_back, undo, confirm };

struct PageRequest {
  Wish wish = Wish::leave;
  Channel channel = Channel::one_click;
  bool body_ok = true;
  std::set<TopicId> shown;
  std::set<TopicId> ticked;
  std::string undo;
  std::string email;
};

/// Never fails. What is not understood, or says two things at once, is an opt-out of the link's scope: a receiver's button
/// must work whatever it sends.
PageRequest read_page_request(const FormFields& body, Purpose purpose);

}  // namespace mailroll::detail
