#include "audience/block_set.hpp"

#include <algorithm>

namespace mailroll::detail {

namespace {

constexpr std::array<Word, block_words> no_bits{};

}  // namespace

BlockSet& BlockSet::add(const Bits& set) {
  steps_.push_back({.set = &set});
  ++depth_;
  if (results_.size() < depth_) results_.emplace_back();
  return *this;
}

BlockSet& BlockSet::apply(Operation operation) {
  steps_.push_back({.operation = operation});
  if (operation != Operation::nobody) {
    --depth_;
  } else if (results_.size() < ++depth_) {
    results_.emplace_back();
  }
  return *this;
}

const Word* BlockSet::block(std::size_t first, std::size_t words) {
  stack_.clear();
  for (const Step& step : steps_) {
    if (step.set != nullptr) {
      stack_.push_back(step.set->words() + first);
      continue;
    }
    if (step.operation == Operation::nobody) {
      stack_.push_back(no_bits.data());
      continue;
    }
    const Word* right = stack_.back();
    stack_.pop_back();
    Word* result = results_[stack_.size() - 1].data();
    if (stack_.back() != result) std::copy_n(stack_.back(), words, result);  // never into a set itself
    stack_.back() = result;
    switch (step.operation) {
      case Operation::nobody: break;
      case Operation::both: keep_both(result, right, words); break;
      case Operation::either: add_either(result, right, words); break;
      case Operation::without: take_away(result, right, words); break;
    }
  }
  return stack_.back();
}

}  // namespace mailroll::detail
