/// Texts that many events share (where they come from, their lawful basis), kept once per store and named by number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sqlite/native.hpp"

namespace mailroll::detail {

/// Remembers what it has seen. What a rolled-back transaction added must be forgotten.
class Sources {
 public:
  explicit Sources(Native& native) : native_(native) {}

  /// The number of a text, which is added if it is new; needs the write transaction. 0 for "".
  std::int32_t number_of(std::int32_t team, const std::string& text);
  /// The text of a number; "" for 0. Throws UnreadableRow for a number that nobody gave.
  const std::string& text_of(std::int32_t team, std::int32_t number);
  void forget();

 private:
  Native& native_;
  std::map<std::int32_t, std::unordered_map<std::string, std::int32_t>> numbers_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::string> texts_;
};

}  // namespace mailroll::detail
