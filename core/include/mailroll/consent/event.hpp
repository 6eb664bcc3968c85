/// A consent event: one act that changed permission. Append-only.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/suppression.hpp"
#include "mailroll/time.hpp"

namespace mailroll {

/// Who acts. The numbers are stored.
enum class Actor : std::uint8_t {
  person = 1,     ///< the addressee, proved by a signed link or a confirmed double opt-in
  provider = 2,   ///< bounce and complaint reports
  operator_ = 3,  ///< staff
  api = 4,        ///< the team's own program
  import = 5,     ///< a file or a migration
};

/// What the act does. The numbers are stored, and are the order in which events of one time are folded.
enum class Action : std::uint8_t {
  pending = 1,       ///< asked for, not yet confirmed (double opt-in)
  opt_in = 2,        ///< raises
  unsuppressed = 3,  ///< everything only
  removed = 4,       ///< everything only: the profile was deleted
  opt_out = 5,       ///< lowers
  suppressed = 6,    ///< everything only
  erased = 7,        ///< everything only
};

/// Whether an act of this kind takes permission away: opt_out, removed, suppressed, erased. Such events go to the feed.
[[nodiscard]] constexpr bool lowers(Action action) {
  return action == Action::removed || action == Action::opt_out || action == Action::suppressed ||
         action == Action::erased;
}

/// How the act came in. The numbers are stored.
enum class Channel : std::uint8_t {
  unknown = 0,
  api = 1,
  cli = 2,
  import = 3,
  migration = 4,
  one_click = 5,
  page = 6,
  mailto = 7,
  form = 8,
  confirm = 9,  ///< double opt-in confirmed
  phone = 10,   ///< told to staff: phone, letter, in person
  bounce = 11,
  complaint = 12,
  merge = 13,
};

/// The channels that a caller may give for an act that they record. The others prove something that only the library
/// knows: that a link was confirmed, that a file was read.
inline constexpr std::array spoken_channels = {Channel::api,    Channel::cli,  Channel::one_click, Channel::page,
                                               Channel::mailto, Channel::form, Channel::phone};

MAILROLL_EXPORT std::string_view to_string(Actor actor);  ///< "operator" for operator_
MAILROLL_EXPORT std::string_view to_string(Action action);
MAILROLL_EXPORT std::string_view to_string(Channel channel);
MAILROLL_EXPORT std::optional<Actor> parse_actor(std::string_view word);
MAILROLL_EXPORT std::optional<Action> parse_action(std::string_view word);
MAILROLL_EXPORT std::optional<Channel> parse_channel(std::string_view word);

/// The words for a lawful basis: GDPR Art. 6(1)(a) to (f), the soft opt-in of ePrivacy Art. 13(2), and CASL's implied
/// consent, s. 10(9). Ordered as bytes.
inline constexpr std::array<std::string_view, 8> lawful_bases = {
    "consent",     "contract",    "implied_consent", "legal_obligation", "legitimate_interest",
    "public_task", "soft_opt_in", "vital_interest"};
MAILROLL_EXPORT bool is_lawful_basis(std::string_view word);

/// Longest text of one field of evidence, and of a written reason, in characters (code points).
inline constexpr std::size_t max_evidence = 2000;

/// Longest text that is kept because it was shown, in characters.
inline constexpr std::size_t max_shown_text = 20000;

/// SHA-256 (FIPS 180-4) of the octets of a text that is shown, 64 lower-case hex digits: tells later which wording it was.
MAILROLL_EXPORT std::string text_hash(std::string_view text);

/// What proves the act; each "" where unknown.
struct Evidence {
  std::string text_hash;  ///< text_hash() of the text that was shown
  std::string form;       ///< id or URL of the form
  std::string ip;
  std::string user_agent;
  std::string locale;
  std::string note;  ///< free words, e.g. "phoned on Monday"
  std::string text;  ///< the text that was shown, whole; at most max_shown_text

  [[nodiscard]] bool empty() const { return *this == Evidence{}; }
  bool operator==(const Evidence&) const = default;
};

struct ConsentEvent {
  EventId id;
  ContactId contact;
  TopicNumber topic = everything_scope;  ///< scope: everything, or one topic
  Action action{};
  Actor actor{};
  Channel channel = Channel::unknown;
  std::optional<Time> at;                        ///< when it happened; nothing: unknown
  Time recorded_at{};                            ///< when we wrote it down; never earlier than `at`
  std::optional<Time> valid_until;               ///< consent that runs out
  std::optional<SuppressionReason> suppression;  ///< with suppressed and unsuppressed (there: nothing means all)
  std::string basis;                             ///< lawful basis, a word; "" unknown
  std::string source;  ///< reference, e.g. "audience:..." or "import:..."; the same for many events
  std::string reason;  ///< the written reason of an override; "" where it is none
  Evidence evidence;
  bool clamped = false;  ///< `at` was in the future and was set to recorded_at

  bool operator==(const ConsentEvent&) const = default;
};

/// The effective time of what raises without a time. Year 0001, which format_time can still show.
inline constexpr Time beginning_of_time = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);

/// Where the event stands in the fold: `at` where known, never later than recorded_at; an opt-out, removal, suppression
/// or erasure without a time: recorded_at; an opt-in, pending or unsuppressed without a time: the beginning of time.
MAILROLL_EXPORT Time effective_time(const ConsentEvent& event);

/// Sets `at` to recorded_at and the flag where `at` is later than recorded_at.
MAILROLL_EXPORT void clamp_future(ConsentEvent& event);

}  // namespace mailroll
