#include "sqlite/sources.hpp"

#include "sql/row_error.hpp"
#include "sql/statements/sources_sql.hpp"

namespace mailroll::detail {
namespace {

constexpr std::size_t most_remembered = 4096;  // a source of its own for every event must not fill the memory

}  // namespace

std::int32_t Sources::number_of(std::int32_t team, const std::string& text) {
  if (text.empty()) return 0;
  auto& numbers = numbers_[team];
  const auto remembered = numbers.find(text);
  if (remembered != numbers.end()) return remembered->second;

  std::int32_t number = 0;
  {
    Cursor known(native_, sql::select_source_number);
    if (known.bind(team).bind(std::string_view(text)).step()) number = known.number(0);
  }
  if (number == 0) {
    {
      Cursor last(native_, sql::select_last_source);
      if (last.bind(team).step()) number = last.number(0);
    }
    ++number;
    Cursor(native_, sql::insert_source).bind(team).bind(number).bind(std::string_view(text)).run();
  }
  if (numbers.size() >= most_remembered) numbers.clear();
  numbers.emplace(text, number);
  return number;
}

const std::string& Sources::text_of(std::int32_t team, std::int32_t number) {
  static const std::string none;
  if (number == 0) return none;
  const auto remembered = texts_.find({team, number});
  if (remembered != texts_.end()) return remembered->second;

  Cursor known(native_, sql::select_source);
  if (!known.bind(team).bind(number).step()) throw UnreadableRow();
  if (texts_.size() >= most_remembered) texts_.clear();
  return texts_.emplace(std::make_pair(team, number), std::string(known.text(0))).first->second;
}

void Sources::forget() {
  numbers_.clear();
  texts_.clear();
}

}  // namespace mailroll::detail
