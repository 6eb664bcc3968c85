/// The rules and values by themselves, on Google Benchmark: what one call costs.
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <mailroll/address/contact_id.hpp>
#include <mailroll/address/email_address.hpp>
#include <mailroll/consent/decide.hpp>
#include <mailroll/consent/fold.hpp>

namespace {

using namespace mailroll;
using std::chrono::microseconds;
using std::chrono::sys_days;

const Time noon = sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::hours(12);

Uuid numbered(std::uint8_t number) {
  Uuid id;
  id.bytes.fill(number);
  return id;
}

void decide_one(::benchmark::State& state) {
  // The longest way through the rules: nothing applies until the topic's own choice does.
  Standing standing;
  ScopeState choice;
  choice.said = Said::opt_in;
  choice.valid_until = noon + std::chrono::hours(1);
  const Mail mail{.topic_default = Subscription::opt_out, .at = noon};
  for (auto _ : state) {
    ::benchmark::DoNotOptimize(&standing);
    ::benchmark::DoNotOptimize(&choice);
    ::benchmark::ClobberMemory();
    ::benchmark::DoNotOptimize(decide(true, true, standing, choice, mail));
  }
}
BENCHMARK(decide_one);

std::vector<ConsentEvent> ten_events() {
  constexpr std::array acts{Action::pending, Action::opt_in,  Action::opt_out,    Action::opt_in,       Action::opt_out,
                            Action::opt_in,  Action::opt_out, Action::suppressed, Action::unsuppressed, Action::opt_in};
  std::vector<ConsentEvent> events;
  for (std::uint8_t i = 0; i < acts.size(); ++i) {
    ConsentEvent event;
    event.id = EventId(numbered(static_cast<std::uint8_t>(i * 37 + 1)));
    event.contact = ContactId(numbered(7));
    const bool about_everything = acts[i] == Action::suppressed || acts[i] == Action::unsuppressed;
    event.topic = about_everything ? everything_scope : TopicNumber{i % 3 + 1};
    if (about_everything) event.suppression = SuppressionReason::bounce;
    event.action = acts[i];
    event.actor = i % 4 == 0 ? Actor::import : Actor::person;
    // Not in the order of time: the fold sorts.
    event.at = noon - std::chrono::hours(i * 7 % 10);
    event.recorded_at = noon;
    events.push_back(event);
  }
  return events;
}

void fold_ten_events(::benchmark::State& state) {
  const std::vector<ConsentEvent> events = ten_events();
  for (auto _ : state) ::benchmark::DoNotOptimize(fold(events));
}
BENCHMARK(fold_ten_events);

void fold_one_event(::benchmark::State& state) {
  const std::vector<ConsentEvent> events = {ten_events()[1]};
  for (auto _ : state) ::benchmark::DoNotOptimize(fold(events));
}
BENCHMARK(fold_one_event);

void answer_one_raise(::benchmark::State& state) {
  const std::vector<ConsentEvent> events = ten_events();
  const Permission now = fold(events);
  for (auto _ : state) ::benchmark::DoNotOptimize(answer_raise(now, events[1]));
}
BENCHMARK(answer_one_raise);

void address_key(::benchmark::State& state, const std::string& text) {
  for (auto _ : state) ::benchmark::DoNotOptimize(EmailAddress::parse(text));
}
BENCHMARK_CAPTURE(address_key, ascii, std::string("Ada.Lovelace+news@Mail.Example.com"));
BENCHMARK_CAPTURE(address_key, unicode, std::string("søren@bücher.example"));
BENCHMARK_CAPTURE(address_key, not_an_address, std::string("ada.lovelace at example.com"));

void contact_id(::benchmark::State& state) {
  const ContactIdHash hash(HashKey{.id = 1, .secret = {1, 2, 3}}, numbered(9));
  const std::string key = "ada.lovelace+news@mail.example.com";
  for (auto _ : state) ::benchmark::DoNotOptimize(hash(key));
}
BENCHMARK(contact_id);

void event_id(::benchmark::State& state) {
  for (auto _ : state) {
    ::benchmark::DoNotOptimize(derived_event_id(ContactId(numbered(7)), TopicNumber{3}, "audience:Newsletter", 2));
  }
}
BENCHMARK(event_id);

}  // namespace

BENCHMARK_MAIN();
