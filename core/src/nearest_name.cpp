#include "mailroll/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace mailroll {

namespace {

constexpr std::size_t longest_typed = 40;

/// Levenshtein's distance.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view typed, const std::vector<std::string>& known) {
  std::optional<std::string> nearest;
  std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
  if (typed.size() > longest_typed) return {};
  for (const std::string& word : known) {
    // Somebody who types `contact` or `subscr` means the word that begins so.
    const bool begun = typed.size() >= 3 && word.starts_with(typed);
    const std::size_t steps = begun ? 1 : distance(typed, word);
    if (steps < least) {
      least = steps;
      nearest = word;
    }
  }
  return nearest;
}

std::string suggestion(std::string_view typed, const std::vector<std::string>& known) {
  const std::optional<std::string> nearest = nearest_name(typed, known);
  return nearest ? " (did you mean '" + *nearest + "'?)" : std::string();
}

}  // namespace mailroll
