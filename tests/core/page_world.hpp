/// A roll with topics of each kind, links to people's pages, and what the log was told.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "each_store.hpp"
#include "mailroll/consent/fold.hpp"

namespace mailroll::testing {

inline const std::string base_url = "https://mail.example.com";
inline const FormFields one_click = {{"List-Unsubscribe", "One-Click"}};

inline FormFields action(const std::string& word) { return {{"action", word}}; }

inline FormFields save_form(const std::vector<Topic>& shown, const std::vector<Topic>& on) {
  FormFields fields = action("save");
  for (const Topic& topic : shown) fields.emplace_back("shown", to_string(topic.id));
  for (const Topic& topic : on) fields.emplace_back("on", to_string(topic.id));
  return fields;
}

class PageWorld : public EachStore {
 protected:
  PageWorld() : PageWorld(Actor::api) {}
  explicit PageWorld(Actor actor) : roll(open_logged(actor)) {
    const auto made = [&](const char* name, Subscription subscription, Visibility visibility) {
      return roll.topics().create(
          {.name = name, .default_subscription = subscription, .visibility = visibility, .basis = "consent"});
    };
    news = made("News", Subscription::opt_in, Visibility::public_);
    beta = made("Beta", Subscription::opt_out, Visibility::public_);
    hidden = made("Hidden", Subscription::opt_in, Visibility::private_);
    secret = made("Secret", Subscription::opt_out, Visibility::private_);
  }

  Roll open_logged(Actor actor) {
    return mailroll::open(url(), {.team = "default",
                                  .actor = actor,
                                  .key_file = "",
                                  .clock = [this] { return now(); },
                                  .log =
                                      [log = log_](std::string_view line) {
                                        const std::lock_guard guard(log->mutex);
                                        log->lines.emplace_back(line);
                                      }});
  }

  static std::string token_of(const std::string& link) { return link.substr(link.rfind('/') + 1); }
  [[nodiscard]] std::string leave_token(const Who& who, const Scope& scope) const {
    return token_of(roll.link(who, scope, Purpose::leave, {.base_url = base_url, .message = {}}));
  }
  [[nodiscard]] Reason reason(const Who& who, const TopicRef& topic) const { return roll.explain(who, topic).reason; }
  [[nodiscard]] bool gets(const Who& who, const TopicRef& topic) const { return receives(reason(who, topic)); }
  [[nodiscard]] std::vector<std::string> log() const { return log_->lines; }
  [[nodiscard]] std::string last_log() const { return log_->lines.empty() ? "" : log_->lines.back(); }
  [[nodiscard]] std::vector<Topic> topics() const { return {news, beta, hidden, secret}; }

 private:
  struct Log {
    std::mutex mutex;
    std::vector<std::string> lines;
  };
  std::shared_ptr<Log> log_ = std::make_shared<Log>();

 protected:
  Roll roll;
  Topic news, beta, hidden, secret;
};

}  // namespace mailroll::testing
