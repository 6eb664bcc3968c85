/// Sets of contacts, one bit for each: bit n is the contact with ordinal n. Flat, since counting what two have in common is
/// then nothing but reading them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mailroll::detail {

using Word = std::uint64_t;
inline constexpr std::size_t word_bits = 64;

/// Grows as bits are set; what is beyond its words is not set.
class Bits {
 public:
  void set(std::size_t bit) {
    const std::size_t word = bit / word_bits;
    if (word >= words_.size()) words_.resize(word + 1);
    words_[word] |= Word{1} << (bit % word_bits);
  }
  [[nodiscard]] bool test(std::size_t bit) const {
    const std::size_t word = bit / word_bits;
    return word < words_.size() && (words_[word] >> (bit % word_bits) & 1U) != 0;
  }
  /// Adds `other`, its bit 0 as bit `at`.
  void append(const Bits& other, std::size_t at);
  void clear(std::size_t bit) {
    const std::size_t word = bit / word_bits;
    if (word < words_.size()) words_[word] &= ~(Word{1} << (bit % word_bits));
  }
  /// Sets bit `at` and those behind it as `count` bits of `other` from `first` on; so far they are not set, and there are words
  /// for them.
  void copy_into(std::size_t at, const Bits& other, std::size_t first, std::size_t count);
  /// Exactly the words of `bits` bits: all sets of one snapshot are equally long.
  void fit(std::size_t bits);

  [[nodiscard]] const Word* words() const { return words_.data(); }
  [[nodiscard]] Word* words() { return words_.data(); }
  [[nodiscard]] std::size_t word_count() const { return words_.size(); }
  [[nodiscard]] std::uint64_t count() const;
  /// Calls visit(bit) for each that is set, ascending.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::size_t word = 0; word < words_.size(); ++word) {
      for (Word rest = words_[word]; rest != 0; rest &= rest - 1) {
        visit(word * word_bits + static_cast<std::size_t>(std::countr_zero(rest)));
      }
    }
  }
  bool operator==(const Bits&) const = default;

 private:
  std::vector<Word> words_;
};

// Over `words` words. Compiled for several generations of processors; which of them is taken is found out once.
std::uint64_t count_set(const Word* set, std::size_t words);
std::uint64_t count_both(const Word* one, const Word* other, std::size_t words);
void keep_both(Word* to, const Word* other, std::size_t words);
void add_either(Word* to, const Word* other, std::size_t words);
void take_away(Word* from, const Word* other, std::size_t words);

}  // namespace mailroll::detail
