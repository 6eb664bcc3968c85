#include "commands.hpp"
#include "context.hpp"
#include "records.hpp"

namespace mailroll::cli {
namespace {

Json to_json(const ExpiringConsent& consent, Time now) {
  return {{"email", text_or_null(consent.email)},
          {"topic", consent.topic ? Json(consent.topic->name) : Json(nullptr)},
          {"valid_until", format_time(consent.valid_until)},
          {"expired", consent.valid_until <= now},
          {"basis", text_or_null(consent.basis)},
          {"topic_id", consent.topic ? Json(to_string(consent.topic->id)) : Json(nullptr)},
          {"id", to_string(consent.contact)}};
}

}  // namespace

int expiring(Context& context) {
  constexpr std::uint64_t usual_limit = 1000;
  const std::chrono::seconds within = context.args.duration("within").value_or(std::chrono::days(30));
  const std::uint64_t limit = context.args.number("limit", 1).value_or(usual_limit);
  const std::vector<ExpiringConsent> consents = context.roll().expiring(within, limit);
  const Time now = system_now();
  std::vector<Json> records;
  records.reserve(consents.size());
  for (const ExpiringConsent& consent : consents) records.push_back(to_json(consent, now));
  context.out.list({{"valid_until", "VALID UNTIL"},
                    {"expired", "EXPIRED"},
                    {"email", "EMAIL"},
                    {"topic", "TOPIC"},
                    {"basis", "BASIS"},
                    {"topic_id", ""},
                    {"id", ""}},
                   records);
  if (consents.size() == limit) context.note("there may be more of it: these are the first " + std::to_string(limit));
  return exit_code::done;
}

}  // namespace mailroll::cli
