#include "mailroll/time.hpp"

#include <cstdio>

namespace mailroll {
namespace {

/// Takes parts off the front of a text; after a part that is not there, `ok` stays false.
struct Reader {
  std::string_view rest;
  bool ok = true;

  [[nodiscard]] bool at_digit() const { return !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; }

  int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (!at_digit()) {
        ok = false;
        return 0;
      }
      value = value * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
    }
    return value;
  }

  bool take(std::string_view one_of) {
    if (rest.empty() || one_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok = take(std::string_view(&c, 1)) && ok; }
};

std::chrono::microseconds read_fraction(Reader& reader) {
  if (!reader.take(".")) return {};
  if (!reader.at_digit()) reader.ok = false;
  std::int64_t micros = 0;
  for (std::int64_t unit = 100'000; reader.at_digit(); unit /= 10) micros += reader.digits(1) * unit;
  return std::chrono::microseconds(micros);
}

std::chrono::minutes read_offset(Reader& reader) {
  if (reader.rest.empty() || reader.take("Zz")) return {};
  const bool west = reader.rest.front() == '-';
  if (!reader.take("+-")) reader.ok = false;
  const int hours = reader.digits(2);
  int minutes = 0;
  if (!reader.rest.empty()) {
    reader.take(":");
    minutes = reader.digits(2);
  }
  if (hours > 23 || minutes > 59) reader.ok = false;
  const std::chrono::minutes offset(hours * 60 + minutes);
  return west ? -offset : offset;
}

}  // namespace

Time system_now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::optional<Time> parse_time(std::string_view text) {
  Reader reader{text};
  const int year = reader.digits(4);
  reader.expect('-');
  const int month = reader.digits(2);
  reader.expect('-');
  const int day = reader.digits(2);
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!reader.ok || year < 1 || !date.ok()) return std::nullopt;
  Time time = std::chrono::sys_days(date);
  if (reader.rest.empty()) return time;

  if (!reader.take("Tt ")) return std::nullopt;
  const int hours = reader.digits(2);
  reader.expect(':');
  const int minutes = reader.digits(2);
  reader.expect(':');
  const int seconds = reader.digits(2);
  time += std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  time += read_fraction(reader);
  time -= read_offset(reader);
  if (!reader.ok || !reader.rest.empty() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  // An offset can lead out of the years that we write.
  constexpr Time first = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
  constexpr Time end = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
  if (time < first || time >= end) return std::nullopt;
  return time;
}

std::string format_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<std::chrono::microseconds> clock(time - day);
  char text[48];
  const int length =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(length)};
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::chrono::seconds longest = std::chrono::days(36500);
  if (text.size() < 2) return std::nullopt;
  std::chrono::seconds unit{};
  switch (text.back()) {
    case 's': unit = std::chrono::seconds(1); break;
    case 'm': unit = std::chrono::minutes(1); break;
    case 'h': unit = std::chrono::hours(1); break;
    case 'd': unit = std::chrono::days(1); break;
    case 'w': unit = std::chrono::weeks(1); break;
    default: return std::nullopt;
  }
  std::int64_t count = 0;
  for (const char digit : text.substr(0, text.size() - 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    count = count * 10 + (digit - '0');
    if (count > longest / unit) return std::nullopt;
  }
  return count * unit;
}

}  // namespace mailroll
