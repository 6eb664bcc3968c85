// Promises that hold for every address, tried on many made from a fixed seed.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/address_table.hpp"
#include "mailroll/address/email_address.hpp"

namespace mailroll {
namespace {

using Spellings = std::vector<std::string>;

// Each line: spellings of one thing. Two lines are never the same thing.
const std::vector<Spellings>& letters() {
  static const std::vector<Spellings> letters{
      {"a", "A"},
      {"k", "K"},
      {"z", "Z"},
      {"1"},
      {"-"},
      {"_"},
      {"'"},
      {"é", "É", "e\u0301", "E\u0301"},
      {"å", "Å", "a\u030A", "A\u030A", "\u212B"},
      {"ß", "ẞ"},
      {"ss", "SS", "sS"},
      {"σ", "Σ", "ς"},
      {"ω", "Ω", "\u2126"},
      {"\u01F0", "j\u030C", "J\u030C"},
      {"ᾳ", "ᾼ", "α\u0345", "Α\u0345"},
      {"я", "Я"},
      {"й", "Й", "и\u0306", "И\u0306"},
      {"\u0131"},
      {"\u0130"},
      {"i", "I"},
      {"\u13A0", "\uAB70"},
      {"\U00010428", "\U00010400"},
      {"가", "\u1100\u1161"},
      {"\u0958", "\u0915\u093C"},
      {"用"},
      {"☕"},
  };
  return letters;
}

const std::vector<Spellings>& labels() {
  static const std::vector<Spellings> labels{
      {"mail", "MAIL", "Mail", "ｍail"},
      {"ab--cd", "AB--CD"},
      {"x1"},
      {"bücher", "BÜCHER", "bu\u0308cher", "BU\u0308CHER", "xn--bcher-kva", "XN--BCHER-KVA"},
      {"straße", "xn--strae-oqa"},
      {"strasse", "STRASSE"},
      {"пример", "ПРИМЕР", "xn--e1afmkfd"},
      {"例子", "xn--fsqu00a"},
      {"☕", "xn--53h"},
  };
  return labels;
}

class EmailAddressProperty : public ::testing::Test {
 protected:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  template <typename Items>
  const auto& one_of(const Items& items) {
    return items[below(items.size())];
  }

  struct Shape {
    std::vector<std::size_t> letters;
    std::vector<std::size_t> labels;
  };

  Shape make_shape() {
    Shape shape;
    for (std::size_t left = 1 + below(8); left > 0; --left) shape.letters.push_back(below(letters().size()));
    for (std::size_t left = 1 + below(2); left > 0; --left) shape.labels.push_back(below(labels().size()));
    return shape;
  }

  // One of its spellings; the dots are part of the shape.
  std::string spell(const Shape& shape) {
    std::string text;
    for (const std::size_t letter : shape.letters) text += one_of(letters()[letter]);
    text += '@';
    for (const std::size_t label : shape.labels) text += one_of(labels()[label]) + '.';
    return text + one_of(Spellings{"com", "COM", "Com"});
  }

  // A text that is no address, or nearly one, or one of an odd kind.
  std::string make_text() {
    static const Spellings pieces{"@",      "@",      ".",      "..",     " ",      "\t",     "\u00A0",   "\u200B",
                                  "\"",     "\\",     "(",      "<",      ">",      ",",      "xn--",     "-",
                                  "--",     "_",      "\u0301", "\u0345", "\u3002", "\uFF0E", "\uFF20",   "\u212A",
                                  "\u037E", "\u017F", "ı",      "İ",      "ﬁ",      "\u200D", "\u00AD",   "\u202E",
                                  "\uFEFF", "א",      "ا",      "１",     "\x80",   "\xC3",   "\xED\xA0", "\xF4\x90",
                                  "\r\n",   "\x7F",   ".local", ".com",   "[::1]"};
    std::string text;
    for (std::size_t left = 1 + below(below(12) == 0 ? 90 : 9); left > 0; --left) {
      switch (below(5)) {
        case 0: text += one_of(pieces); break;
        case 1: text += tests::utf8(static_cast<char32_t>(below(below(2) == 0 ? 0x3000 : 0x110000))); break;
        case 2: text += one_of(one_of(letters())); break;
        case 3: text += one_of(one_of(labels())); break;
        default: text += static_cast<char>(0x20 + below(0x60)); break;
      }
    }
    if (below(3) != 0) text += "@" + one_of(one_of(labels())) + one_of(Spellings{".com", ".org", ".рф", "", ".test"});
    return text;
  }

  std::mt19937_64 random_{20251130};
};

TEST_F(EmailAddressProperty, every_spelling_of_an_address_has_the_same_key) {
  for (int i = 0; i < 20'000; ++i) {
    const Shape shape = make_shape();
    const std::string one = spell(shape);
    const std::string other = spell(shape);
    const auto a = EmailAddress::parse(one);
    const auto b = EmailAddress::parse(other);
    ASSERT_TRUE(a && b) << one << " " << other;
    ASSERT_EQ(a->key(), b->key()) << one << " " << other;
  }
}

TEST_F(EmailAddressProperty, different_addresses_have_different_keys) {
  for (int i = 0; i < 20'000; ++i) {
    const Shape shape = make_shape();
    Shape other = shape;
    auto& part = below(2) == 0 ? other.letters : other.labels;
    auto& changed = part[below(part.size())];
    changed = (changed + 1) % (&part == &other.letters ? letters().size() : labels().size());
    if (other.letters == shape.letters && other.labels == shape.labels) continue;
    const std::string one = spell(shape);
    const std::string two = spell(other);
    ASSERT_NE(EmailAddress(one).key(), EmailAddress(two).key()) << one << " " << two;
  }
}

TEST_F(EmailAddressProperty, tags_and_dots_make_another_address) {
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = std::string("a").append(spell(make_shape()));
    const EmailAddress plain(text);
    const std::size_t at = text.find('@');
    EXPECT_NE(EmailAddress(text.substr(0, at) + "+news" + text.substr(at)).key(), plain.key()) << text;
    EXPECT_NE(EmailAddress("a." + text).key(), EmailAddress("a" + text).key()) << text;
  }
}

TEST_F(EmailAddressProperty, blanks_at_the_ends_change_nothing) {
  const Spellings blanks{" ", "\t", "\u00A0", "\u200B", "\uFEFF"};
  for (int i = 0; i < 5'000; ++i) {
    std::string text = spell(make_shape());
    const EmailAddress plain(text);
    for (std::size_t left = below(4); left > 0; --left) text = one_of(blanks) + text;
    for (std::size_t left = below(4); left > 0; --left) text += one_of(blanks);
    EXPECT_EQ(EmailAddress(text).delivery(), plain.delivery()) << text;
  }
}

// A full-width letter in the domain takes an address off the pass over plain ASCII, and means the same.
TEST_F(EmailAddressProperty, the_short_way_and_the_long_way_agree) {
  constexpr std::string_view alphabet = "aB3.-_+@!x";
  int accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (std::size_t left = 1 + below(6); left > 0; --left) text += one_of(alphabet);
    text += '@';
    for (std::size_t left = below(5); left > 0; --left) text += one_of(alphabet);
    AddressProblem short_way{};
    AddressProblem long_way{};
    const auto a = EmailAddress::parse(text + "e.com", &short_way);
    const auto b = EmailAddress::parse(text + "ｅ.com", &long_way);
    ASSERT_EQ(short_way, long_way) << text;
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    ++accepted;
    ASSERT_EQ(a->key(), b->key()) << text;
    ASSERT_EQ(a->delivery(), b->delivery()) << text;
  }
  EXPECT_GT(accepted, 10'000);
}

TEST_F(EmailAddressProperty, what_is_accepted_keeps_its_promises_whatever_is_thrown_at_it) {
  int accepted = 0;
  int rejected[7] = {};
  for (int i = 0; i < 200'000; ++i) {
    const std::string text = make_text();
    AddressProblem problem{};
    const auto address = EmailAddress::parse(text, &problem);
    ++rejected[static_cast<int>(problem)];
    ASSERT_EQ(address.has_value(), problem == AddressProblem::none);
    if (!address) continue;
    ++accepted;
    const std::string& delivery = address->delivery();
    ASSERT_EQ(std::count(delivery.begin(), delivery.end(), '@'), 1) << text;
    const std::size_t at = delivery.find('@');
    ASSERT_TRUE(at >= 1 && at <= 64) << text;
    ASSERT_LE(delivery.size(), 254U) << text;
    for (const std::string& spelling : {address->key(), delivery, address->display()}) {
      ASSERT_TRUE(std::all_of(spelling.begin(), spelling.end(), [](unsigned char c) { return c > 0x20 && c != 0x7F; }));
    }
    ASSERT_TRUE(std::all_of(delivery.begin() + static_cast<std::ptrdiff_t>(at) + 1, delivery.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    })) << text;
    ASSERT_EQ(address->key().substr(address->key().find('@')), delivery.substr(at)) << text;

    const auto again = EmailAddress::parse(delivery);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(again->key(), address->key()) << text;
    ASSERT_EQ(again->delivery(), delivery) << text;
    const auto shown = EmailAddress::parse(address->display());
    ASSERT_TRUE(shown) << text;
    ASSERT_EQ(shown->delivery(), delivery) << text;
    // Also says that the key is UTF-8, and in a form that is normalised already.
    const auto folded = EmailAddress::parse(address->key(), &problem);
    if (problem != AddressProblem::too_long) {
      ASSERT_TRUE(folded) << text << " " << reason_code(problem);
      ASSERT_EQ(folded->key(), address->key()) << text;
    }
  }
  EXPECT_GT(accepted, 5'000);
  for (const AddressProblem problem : {AddressProblem::empty, AddressProblem::encoding, AddressProblem::too_long,
                                       AddressProblem::syntax, AddressProblem::characters, AddressProblem::domain}) {
    EXPECT_GT(rejected[static_cast<int>(problem)], 50) << reason_code(problem);
  }
}

}  // namespace
}  // namespace mailroll
