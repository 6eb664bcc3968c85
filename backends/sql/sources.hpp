/// Texts that many events share (where they come from, their lawful basis), kept once per team and named by number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sql/row_error.hpp"
#include "sql/statements/sources_sql.hpp"

namespace mailroll::detail {

/// The number that a text gets where no other text has it: positive, the same everywhere. Two processes that meet the same
/// text at once so give it the same number, and need not wait for each other where the texts differ.
constexpr std::int32_t first_source_number(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char letter : text) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3;
  const auto folded = static_cast<std::int32_t>((hash ^ (hash >> 32)) & 0x7fffffff);
  return folded == 0 ? 1 : folded;
}

/// Remembers what it has seen. What a rolled-back transaction added must be forgotten.
template <typename Engine>
class Sources {
 public:
  explicit Sources(Engine& engine) : engine_(engine) {}

  /// The number of a text, which is added if it is new; needs the write transaction. 0 for "".
  std::int32_t number_of(std::int32_t team, const std::string& text) {
    if (text.empty()) return 0;
    auto& numbers = numbers_[team];
    const auto remembered = numbers.find(text);
    if (remembered != numbers.end()) return remembered->second;

    std::int32_t number = first_source_number(text);
    while (!has_number(team, text, number)) number = number == 0x7fffffff ? 1 : number + 1;
    if (numbers.size() >= most_remembered) numbers.clear();
    numbers.emplace(text, number);
    return number;
  }

  /// The text of a number; "" for 0. Throws UnreadableRow for a number that nobody gave.
  const std::string& text_of(std::int32_t team, std::int32_t number) {
    static const std::string none;
    if (number == 0) return none;
    const auto remembered = texts_.find({team, number});
    if (remembered != texts_.end()) return remembered->second;

    std::optional<std::string> text = find(engine_, team, number);
    if (!text) throw UnreadableRow();
    if (texts_.size() >= most_remembered) texts_.clear();
    return texts_.emplace(std::make_pair(team, number), *std::move(text)).first->second;
  }

  void forget() {
    numbers_.clear();
    texts_.clear();
  }

 private:
  static constexpr std::size_t most_remembered = 4096;  // a source of its own for every event must not fill the memory

  /// Gives the number to the text if nobody has it; false where another text has.
  bool has_number(std::int32_t team, const std::string& text, std::int32_t number) {
    std::optional<std::string> there = find(engine_, team, number);
    if (!there) {
      // Not in the transaction that is open: until it ends, everybody else with the same new text would wait for it.
      engine_.apart([&](Engine& engine) {
        typename Engine::Batch row(engine, sql::insert_source);
        row.keep(team);
        row.bind(number).bind(std::string_view(text));
        row.run();
        row.send();
        there = find(engine, team, number);
      });
    }
    return there == text;
  }

  static std::optional<std::string> find(Engine& engine, std::int32_t team, std::int32_t number) {
    typename Engine::Rows known(engine, sql::select_source);
    known.bind(team).bind(number);
    if (!known.step()) return std::nullopt;
    return std::string(known.text(0));
  }

  Engine& engine_;
  std::map<std::int32_t, std::unordered_map<std::string, std::int32_t>> numbers_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::string> texts_;
};

}  // namespace mailroll::detail
