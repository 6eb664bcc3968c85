#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "mailroll/error.hpp"
#include "mailroll/roll.hpp"
#include "roll/roll_state.hpp"
#include "transfer/pace.hpp"

namespace mailroll {

namespace {

constexpr std::size_t page_size = 1024;
constexpr std::int32_t longest = 36500;  // days
constexpr std::string_view prefix = "retention.";
constexpr std::string_view any = "*";

constexpr std::array<std::pair<std::string_view, std::string Evidence::*>, 7> fields{
    {{"text_hash", &Evidence::text_hash},
     {"form", &Evidence::form},
     {"ip", &Evidence::ip},
     {"user_agent", &Evidence::user_agent},
     {"locale", &Evidence::locale},
     {"note", &Evidence::note},
     {"text", &Evidence::text}}};

bool is_field(std::string_view word) {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == word; });
}

/// "retention.opt_in.ip", with "*" for any.
std::string setting_of(const RetentionRule& rule) {
  std::string name(prefix);
  name += rule.action ? to_string(*rule.action) : any;
  name += '.';
  name += rule.field.empty() ? any : std::string_view(rule.field);
  return name;
}

/// Nothing for a setting that is no rule, or one of a later version.
std::optional<RetentionRule> rule_of(std::string_view setting, std::string_view value) {
  if (!setting.starts_with(prefix)) return std::nullopt;
  setting.remove_prefix(prefix.size());
  const std::string_view action = setting.substr(0, setting.find('.'));
  const std::string_view field = setting.substr(std::min(action.size() + 1, setting.size()));
  RetentionRule rule;
  if (action != any) {
    rule.action = parse_action(action);
    if (!rule.action) return std::nullopt;
  }
  if (field != any && !is_field(field)) return std::nullopt;
  if (field != any) rule.field = field;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), rule.days);
  if (error != std::errc() || end != value.data() + value.size() || rule.days < 1) return std::nullopt;
  return rule;
}

std::vector<RetentionRule> read_rules(Session& session, TeamNumber team) {
  std::vector<RetentionRule> rules;
  for (const auto& [name, value] : session.settings(team)) {
    if (std::optional<RetentionRule> rule = rule_of(name, value)) rules.push_back(*std::move(rule));
  }
  std::ranges::sort(rules, {}, [](const RetentionRule& rule) {
    return std::pair(rule.action ? static_cast<int>(*rule.action) : 0, rule.field);
  });
  return rules;
}

/// How long a field of an event of this kind is kept; nothing: for ever.
std::optional<std::chrono::days> kept_for(const std::vector<RetentionRule>& rules, Action action,
                                          std::string_view field) {
  const RetentionRule* best = nullptr;
  const auto weight = [](const RetentionRule& rule) { return (rule.field.empty() ? 0 : 2) + (rule.action ? 1 : 0); };
  for (const RetentionRule& rule : rules) {
    if ((rule.action && *rule.action != action) || (!rule.field.empty() && rule.field != field)) continue;
    if (best == nullptr || weight(rule) > weight(*best)) best = &rule;
  }
  if (best == nullptr) return std::nullopt;
  return std::chrono::days(best->days);
}

class Retention {
 public:
  Retention(std::vector<RetentionRule> rules, Time now) : rules_(std::move(rules)), now_(now) {}

  /// Takes out of the event what has been kept long enough; false where there is nothing.
  bool redact(ConsentEvent& event) const {
    bool changed = false;
    for (const auto& [name, text] : fields) {
      if ((event.evidence.*text).empty()) continue;
      const std::optional<std::chrono::days> days = kept_for(rules_, event.action, name);
      if (!days || event.recorded_at + *days > now_) continue;
      (event.evidence.*text).clear();
      changed = true;
    }
    return changed;
  }

  /// The events of a person that have something to lose, without it.
  void redact(const Person& person, std::vector<ConsentEvent>& out) const {
    for (const ConsentEvent& event : person.events) {
      if (event.evidence.empty()) continue;
      ConsentEvent less = event;
      if (redact(less)) out.push_back(std::move(less));
    }
  }

 private:
  std::vector<RetentionRule> rules_;
  Time now_;
};

}  // namespace

std::vector<RetentionRule> Roll::retention() const { return read_rules(*state_->session(), state_->team.number); }

void Roll::set_retention(const RetentionRule& rule) {
  if (!rule.field.empty() && !is_field(rule.field)) {
    throw Error(ErrorKind::invalid,
                "not a kind of evidence; write one of text_hash, form, ip, user_agent, locale, note, text",
                {{"reason", "evidence_field"}});
  }
  if (rule.days < 0 || rule.days > longest) {
    throw Error(ErrorKind::invalid, "evidence is kept for 1 to 36500 days; 0 takes the rule away",
                {{"reason", "days"}});
  }
  state_->write([&](Session& session) {
    session.put_setting(state_->team.number, setting_of(rule),
                        rule.days == 0 ? std::nullopt : std::optional(std::to_string(rule.days)));
  });
}

RetentionReport Roll::apply_retention(bool dry_run, const ProgressFunction& progress) {
  const TeamNumber team = state_->team.number;
  RetentionReport report;
  detail::Pace pace(progress);
  const Retention retention(this->retention(), state_->clock());
  const std::uint64_t total = state_->session()->counts(team).contacts;
  std::uint64_t people = 0;
  IdRange range;
  std::vector<Person> page;
  std::vector<ConsentEvent> less;
  do {
    state_->read([&](Session& session) { session.people(team, range, {.events = true}, page_size, page); });
    std::vector<ContactId> found;
    for (const Person& person : page) {
      report.looked_at += person.events.size();
      const std::size_t before = less.size();
      retention.redact(person, less);
      if (less.size() != before) found.push_back(person.id);
    }
    if (dry_run) {
      report.redacted += less.size();
    } else if (!found.empty()) {
      report.redacted += state_->write([&](Session& session) {
        ChangeSet changes;
        for (const ContactId& id : found) {
          session.lock(team, id);
          // Read again: who was erased meanwhile must not get anything back.
          retention.redact(session.person(team, id, {.events = true}), changes.redacted_events);
        }
        session.write(team, changes);
        return changes.redacted_events.size();
      });
    }
    less.clear();
    people += page.size();
    if (!page.empty()) range.first = next_id(page.back().id);
    pace.tell("retention", people, std::max(total, people));
  } while (page.size() == page_size && page.back().id != range.last);
  pace.tell("retention", people, people, true);
  if (report.redacted != 0 && !dry_run) state_->session()->forget();
  return report;
}

}  // namespace mailroll
