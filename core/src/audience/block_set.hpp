/// A set of contacts that is computed from others, block by block: what is counted of a block is counted while it is in the
/// processor's cache.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "audience/bits.hpp"

namespace mailroll::detail {

/// 4 KiB of each set that is looked at.
inline constexpr std::size_t block_words = 512;

/// Steps in the order in which they are done: a set, or what becomes of the last two results. Used by one thread.
class BlockSet {
 public:
  enum class Operation { nobody, both, either, without };  ///< nobody: an empty set, of no others

  BlockSet& add(const Bits& set);
  BlockSet& apply(Operation operation);

  /// The words from `first` on, at most block_words. Valid until the next call, and as long as the sets are.
  const Word* block(std::size_t first, std::size_t words);

 private:
  struct Step {
    const Bits* set = nullptr;  ///< nothing: an operation
    Operation operation{};
  };
  std::vector<Step> steps_;
  std::size_t depth_ = 0;  ///< results after the last step
  std::vector<std::array<Word, block_words>> results_;
  std::vector<const Word*> stack_;
};

/// Calls visit(first word, words, the set's words there) for each block of a set over `words` words.
template <typename Visit>
void each_block(BlockSet& set, std::size_t words, Visit&& visit) {
  for (std::size_t first = 0; first < words; first += block_words) {
    const std::size_t length = words - first < block_words ? words - first : block_words;
    visit(first, length, set.block(first, length));
  }
}

}  // namespace mailroll::detail
