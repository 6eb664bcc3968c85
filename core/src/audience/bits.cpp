#include "audience/bits.hpp"

#include <algorithm>

// A resolver of the loader runs before the sanitizers have begun, and clang names the processors otherwise.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define MAILROLL_FOR_PROCESSORS \
  __attribute__((target_clones("arch=icelake-server", "arch=haswell", "popcnt", "default"), optimize("O3")))
#else
#define MAILROLL_FOR_PROCESSORS
#endif

namespace mailroll::detail {

MAILROLL_FOR_PROCESSORS
std::uint64_t count_set(const Word* set, std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < words; ++i) count += static_cast<std::uint64_t>(std::popcount(set[i]));
  return count;
}

MAILROLL_FOR_PROCESSORS
std::uint64_t count_both(const Word* one, const Word* other, std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < words; ++i) count += static_cast<std::uint64_t>(std::popcount(one[i] & other[i]));
  return count;
}

MAILROLL_FOR_PROCESSORS
void keep_both(Word* to, const Word* other, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) to[i] &= other[i];
}

MAILROLL_FOR_PROCESSORS
void add_either(Word* to, const Word* other, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) to[i] |= other[i];
}

MAILROLL_FOR_PROCESSORS
void take_away(Word* from, const Word* other, std::size_t words) {
  for (std::size_t i = 0; i < words; ++i) from[i] &= ~other[i];
}

void Bits::append(const Bits& other, std::size_t at) {
  if (other.words_.empty()) return;
  const std::size_t first = at / word_bits;
  const std::size_t shift = at % word_bits;
  if (words_.size() < first + other.words_.size() + 1) words_.resize(first + other.words_.size() + 1);
  for (std::size_t i = 0; i < other.words_.size(); ++i) {
    words_[first + i] |= other.words_[i] << shift;
    if (shift != 0) words_[first + i + 1] |= other.words_[i] >> (word_bits - shift);
  }
}

void Bits::copy_into(std::size_t at, const Bits& other, std::size_t first, std::size_t count) {
  while (count > 0) {
    const std::size_t from = first % word_bits;
    const std::size_t to = at % word_bits;
    const std::size_t step = std::min({count, word_bits - from, word_bits - to});
    const Word taken = first / word_bits < other.words_.size() ? other.words_[first / word_bits] >> from : 0;
    const Word mask = step == word_bits ? ~Word{0} : (Word{1} << step) - 1;
    words_[at / word_bits] |= (taken & mask) << to;
    at += step;
    first += step;
    count -= step;
  }
}

void Bits::fit(std::size_t bits) {
  words_.resize((bits + word_bits - 1) / word_bits);
  words_.shrink_to_fit();
}

std::uint64_t Bits::count() const { return count_set(words_.data(), words_.size()); }

}  // namespace mailroll::detail
