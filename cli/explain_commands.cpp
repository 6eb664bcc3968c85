#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

std::string why(Reason reason) {
  switch (reason) {
    case Reason::erased: return "this person was erased";
    case Reason::suppressed_complaint: return "the address is suppressed after a complaint";
    case Reason::suppressed_bounce: return "the address is suppressed after a bounce";
    case Reason::suppressed_manual: return "the address is suppressed by hand";
    case Reason::not_found: return "there is no such contact";
    case Reason::not_in_segment: return "the contact is not in the segment";
    case Reason::transactional: return "the mail is transactional, and nothing blocks the address";
    case Reason::unsubscribed: return "unsubscribed from everything";
    case Reason::topic_opted_out: return "opted out of the topic";
    case Reason::unconfirmed: return "asked for, and not confirmed yet";
    case Reason::consent_expired: return "the opt-in has run out";
    case Reason::topic_opted_in: return "opted in to the topic";
    case Reason::topic_default_opt_out:
      return "said nothing about the topic, and nobody receives it unless they opted in";
    case Reason::topic_default_opt_in:
      return "said nothing about the topic, and everybody receives it unless they opted out";
    case Reason::subscribed: return "the mail has no topic, and the contact has not left everything";
  }
  return "unknown";
}

/// Who is asked about: as stored, else as typed.
std::string email_of(const Verdict& verdict, const std::string& typed) {
  if (!verdict.email.empty()) return verdict.email;
  const std::optional<EmailAddress> address = EmailAddress::parse(typed);
  return address ? address->delivery() : std::string();
}

std::string in_words(const Json& event) {
  std::string text = event["action"].get<std::string>() + " by " + event["actor"].get<std::string>() + " (" +
                     event["channel"].get<std::string>() + "), ";
  text += event["at"].is_null() ? "at an unknown time, recorded " + event["recorded_at"].get<std::string>()
                                : event["at"].get<std::string>();
  if (event.contains("reason")) text += ", because: " + event["reason"].get<std::string>();
  if (event.contains("valid_until")) text += ", valid until " + event["valid_until"].get<std::string>();
  if (event.contains("source")) text += ", from " + event["source"].get<std::string>();
  return text;
}

}  // namespace

int explain(Context& context) {
  const Arguments& args = context.args;
  const std::string& person = args["EMAIL"];
  std::optional<SegmentRef> segment;
  if (const auto name = args.get("segment")) segment = *name;
  if (args.has("transactional") && segment) {
    throw UsageError("--segment says nothing about transactional mail; leave it out");
  }
  const std::optional<Time> at = args.time("at");
  const Roll& roll = context.roll();
  const Verdict verdict = args.has("transactional") ? roll.explain_transactional(person, at)
                                                    : roll.explain(person, topic_of(args), segment, at);

  const std::string email = email_of(verdict, person);
  Json record = {{"email", text_or_null(email)},
                 {"receives", verdict.receives},
                 {"reason", to_string(verdict.reason)},
                 {"topic", verdict.topic ? Json(verdict.topic->name) : Json(nullptr)},
                 {"event", nullptr},
                 {"segment", verdict.segment ? Json(verdict.segment->name) : Json(nullptr)},
                 {"id", to_string(verdict.id)},
                 {"as_of", time_or_null(verdict.as_of)}};
  if (verdict.event) record["event"] = to_json(*verdict.event, roll.topics().list());
  context.warn_if_incomplete(verdict.incomplete);
  context.out.record(record, [&](Sheet& sheet) {
    const std::string who = email.empty() ? "This person" : email;
    sheet.line(who + (verdict.receives ? " receives this mail: " : " does not receive this mail: ") +
               why(verdict.reason) + " (" + std::string(to_string(verdict.reason)) + ").");
    if (verdict.event) sheet.line("The event behind it: " + in_words(record["event"]) + ".");
    if (verdict.as_of) {
      sheet.line("As the events had it that were recorded by " + format_time(*verdict.as_of) +
                 "; contact, topic and segment are as they are today.");
    }
  });
  return exit_code::done;
}

int history(Context& context) {
  const std::vector<Topic> topics = context.roll().topics().list();
  std::vector<Json> records;
  const std::vector<ConsentEvent> events = context.roll().events().list(context.args["EMAIL"]);
  records.reserve(events.size());
  for (const ConsentEvent& event : events) records.push_back(to_json(event, topics));
  const Columns columns = {{"at", "AT"},
                           {"action", "ACTION"},
                           {"scope", "SCOPE"},
                           {"topic", "TOPIC"},
                           {"actor", "ACTOR"},
                           {"channel", "CHANNEL"},
                           {"recorded_at", "RECORDED"},
                           {"source", "SOURCE"},
                           {"reason", "REASON"},
                           {"suppression", ""},
                           {"valid_until", ""},
                           {"basis", ""},
                           {"clamped", ""},
                           {"evidence", ""},
                           {"id", ""}};
  context.out.list(columns, records);
  return exit_code::done;
}

}  // namespace mailroll::cli
