/// Links in mail, the header fields made of them, and what a person does through one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailroll/consent/decide.hpp"
#include "mailroll/consent/event.hpp"
#include "mailroll/consent/token.hpp"
#include "mailroll/export.hpp"
#include "mailroll/people/topic.hpp"
#include "mailroll/roll/reference.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

struct LinkOptions {
  /// Where the preference page is served, e.g. "https://mail.example.com"; https (http only for localhost). A final slash is
  /// dropped.
  std::string base_url;
  std::optional<Uuid> message;  ///< which mail the link stands in; only purpose leave
};

struct HeaderOptions {
  std::string base_url;
  std::string mailto;  ///< an address that takes opt-outs by mail; "" for none. The token goes into its subject
  std::optional<Uuid> message;
};

/// One header field, ready for a message: value on one line, ASCII, without CR or LF, below 998 octets (RFC 5322, 2.1.1).
struct Header {
  std::string name;
  std::string value;
};

/// Fields of a form as they came, in order; a name may come several times.
using FormFields = std::vector<std::pair<std::string, std::string>>;

/// Reads the body of a POST: application/x-www-form-urlencoded (as the WHATWG's URL standard does), or multipart/form-data
/// (RFC 7578), which is told by its first line. Never fails, since an opt-out must not hang on the form of its body
/// (RFC 8058): what cannot be read is left out. A body of more than 16 KiB or 2,000 fields gives nothing at all.
MAILROLL_EXPORT FormFields parse_form(std::string_view body);

/// A topic as the preference page shows it.
struct ShownTopic {
  Topic topic;
  bool receives = false;  ///< ticked: by choice or by default, leaving aside what holds for everything
  bool waiting = false;   ///< asked for and not confirmed yet: saving the page leaves it alone
};

/// What a preference page shows. Reading it changes nothing.
///
/// A link may lower permission for ever. It shows the address and the choices only where it is of the contact's present link
/// epoch and was mailed to the address that is held now; it raises permission only where it is also fresh (fresh_days).
struct Preferences {
  Purpose purpose = Purpose::leave;
  ContactId contact;                ///< the token's own
  std::string masked_email;         ///< "j••••@e••••.com"; "" where the link may not show it
  bool erased = false;              ///< the page says that no mail will come, and nothing else
  bool unsubscribed = false;        ///< from everything
  std::optional<Topic> topic;       ///< the link's own; nothing: everything, or the topic is gone
  std::vector<ShownTopic> topics;   ///< purpose leave: public ones, and private ones with an explicit opt_in, by number
  bool may_raise = false;           ///< fresh enough to come back through it; purpose export: to hand out the export
  bool waiting = false;             ///< purpose confirm: there is something to confirm
  std::optional<std::string> undo;  ///< after an act that can be taken back: a token that does so, for undo_minutes
};

/// What a POST did.
enum class ActOutcome : std::uint8_t {
  left,       ///< opted out of the link's topic (or had before)
  left_all,   ///< opted out of everything (or had before): the link's scope, asked for, or the link's topic is gone
  saved,      ///< the topics shown are as ticked
  came_back,  ///< not unsubscribed from everything (any more); the choices are as they were
  confirmed,  ///< the double opt-in is confirmed (or was before)
  undone,     ///< the act is taken back, as far as nothing was said since
};
MAILROLL_EXPORT std::string_view to_string(ActOutcome outcome);

struct ActResult {
  ActOutcome outcome{};
  std::vector<ConsentEvent> events;  ///< new ones, in order; empty where nothing changed
  bool body_ok = true;               ///< false: the body was not one we know (or empty), and the act was an opt-out
  bool kept_everything = false;  ///< the act was about something else, and the person is unsubscribed from everything
  Preferences preferences;       ///< as they are now, with `undo`
};

/// What a double opt-in waits for.
struct Confirmation {
  std::string token;                    ///< purpose confirm; mail it to the address, nowhere else. "" without `pending`
  Time expires_at{};                    ///< of the token; what is pending stays pending
  std::optional<ConsentEvent> pending;  ///< nothing: the person gets this mail already, and there is nothing to confirm
};

inline constexpr std::chrono::days confirm_days{7};  ///< how long a confirmation token lives, unless asked otherwise
inline constexpr std::chrono::days fresh_days{30};   ///< how long a link may raise permission, or export
inline constexpr std::chrono::minutes undo_minutes{15};  ///< how long an act may be taken back

}  // namespace mailroll
