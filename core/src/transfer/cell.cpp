#include "mailroll/transfer/cell.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "transfer/text.hpp"

namespace mailroll {

std::optional<bool> parse_unsubscribed(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, bool>, 13> words{{{"", false},
                                                                            {"false", false},
                                                                            {"true", true},
                                                                            {"no", false},
                                                                            {"yes", true},
                                                                            {"0", false},
                                                                            {"1", true},
                                                                            {"f", false},
                                                                            {"t", true},
                                                                            {"n", false},
                                                                            {"y", true},
                                                                            {"subscribed", false},
                                                                            {"unsubscribed", true}}};
  text = trimmed(text);
  const auto same = [](char c, char lower) { return c == lower || (c >= 'A' && c <= 'Z' && c - 'A' + 'a' == lower); };
  for (const auto& [word, value] : words) {
    if (text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), same)) return value;
  }
  return std::nullopt;
}

bool parse_time_cell(std::string_view text, std::optional<Time>& time) {
  text = trimmed(text);
  time.reset();
  if (text.empty()) return true;
  time = parse_time(text);
  return time.has_value();
}

}  // namespace mailroll
