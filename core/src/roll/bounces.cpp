#include <algorithm>
#include <charconv>

#include "mailroll/error.hpp"
#include "mailroll/roll/suppressions.hpp"
#include "roll/lookup.hpp"
#include "roll/permission_options.hpp"
#include "roll/suppress.hpp"

namespace mailroll {

namespace {

constexpr std::string_view count_setting = "bounce_rule.count";
constexpr std::string_view days_setting = "bounce_rule.days";
constexpr std::int32_t most_bounces = 100;
constexpr std::int32_t most_days = 365;

bool within_bounds(const BounceRule& rule) {
  return rule.count >= 1 && rule.count <= most_bounces && rule.days >= 1 && rule.days <= most_days;
}

std::int32_t number(const std::map<std::string, std::string>& settings, std::string_view name, std::int32_t otherwise) {
  const auto found = settings.find(std::string(name));
  if (found == settings.end()) return otherwise;
  std::int32_t value = 0;
  const char* end = found->second.data() + found->second.size();
  const auto [last, problem] = std::from_chars(found->second.data(), end, value);
  return problem == std::errc() && last == end ? value : otherwise;
}

BounceRule rule_of(Session& session, TeamNumber team) {
  const std::map<std::string, std::string> settings = session.settings(team);
  const BounceRule usual;
  const BounceRule rule{.count = number(settings, count_setting, usual.count),
                        .days = number(settings, days_setting, usual.days)};
  return within_bounds(rule) ? rule : usual;
}

/// All soft bounces that count with the latest of them, ordered; what is older than the rule's days before it is not among
/// them.
std::vector<Time> counted(std::vector<Time> bounces, Time added, const BounceRule& rule) {
  if (std::ranges::find(bounces, added) == bounces.end()) bounces.push_back(added);
  std::ranges::sort(bounces);
  const Time first = bounces.back() - std::chrono::days(rule.days);
  std::erase_if(bounces, [&](Time each) { return each < first; });
  return bounces;
}

std::optional<Suppression> count_soft(detail::RollState& roll, Session& session, const Person& before,
                                      const EmailAddress& address, detail::SuppressionRequest request) {
  const auto known = std::ranges::find(before.suppressions, SuppressionReason::bounce, &Suppression::reason);
  if (known != before.suppressions.end() && before.permission.standing.suppressed(SuppressionReason::bounce)) {
    return *known;
  }
  if (before.permission.standing.erased) return std::nullopt;  // gets nothing anyway, and is left alone
  const BounceRule rule = rule_of(session, roll.team.number);
  const Time now = roll.clock();
  const std::vector<Time> bounces = counted(before.soft_bounces, request.at ? std::min(*request.at, now) : now, rule);
  if (bounces.size() >= static_cast<std::size_t>(rule.count)) {
    request.at = bounces.back();
    request.note = std::to_string(bounces.size()) + " soft bounces within " + std::to_string(rule.days) + " days";
    return detail::suppress(roll, session, before, address, request).stands;
  }
  ChangeSet changes;
  changes.cleared_soft_bounces.push_back(before.id);
  for (const Time bounce : bounces) changes.soft_bounces.push_back({before.id, bounce});
  session.write(roll.team.number, changes);
  return std::nullopt;
}

}  // namespace

std::optional<Suppression> Suppressions::record_bounce(std::string_view email, BounceKind kind,
                                                       const std::optional<Time>& at) {
  const EmailAddress address(email);
  if (at) detail::check_year(*at);
  detail::SuppressionRequest request = detail::suppression_request(*roll_, SuppressionReason::bounce);
  request.at = at;
  return roll_->write([&](Session& session) -> std::optional<Suppression> {
    if (kind == BounceKind::hard) {
      request.note = "hard bounce";
      return detail::suppress(*roll_, session, address, request).stands;
    }
    std::optional<Suppression> stands;
    for (const Person& person :
         detail::lock_people(*roll_, session, Who(address.delivery()), detail::suppressed_parts)) {
      const std::optional<Suppression> one = count_soft(*roll_, session, person, address, request);
      if (!stands) stands = one;
    }
    return stands;
  });
}

BounceRule Suppressions::bounce_rule() const {
  const detail::PooledSession session = roll_->session();
  return rule_of(*session, roll_->team.number);
}

void Suppressions::set_bounce_rule(const BounceRule& rule) {
  if (!within_bounds(rule)) {
    throw Error(ErrorKind::invalid, "soft bounces are counted from 1 to 100, within 1 to 365 days",
                {{"reason", "bounce_rule"}});
  }
  roll_->write([&](Session& session) {
    session.put_setting(roll_->team.number, count_setting, std::to_string(rule.count));
    session.put_setting(roll_->team.number, days_setting, std::to_string(rule.days));
  });
}

}  // namespace mailroll
