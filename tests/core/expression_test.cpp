// Set algebra on segments: what a text means, and that what is printed is read again.
#include "mailroll/audience/expression.hpp"

#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "mailroll/error.hpp"

namespace mailroll {
namespace {

std::string complaint_of(const std::string& text) {
  try {
    (void)parse_expression(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::invalid);
    EXPECT_EQ(error.reason(), "expression");
    return error.details().at("column");
  }
  return "none";
}

/// With every bracket said.
std::string grouped(const Expression& expression) {
  if (expression.operation == SetOperation::segment) return expression.segment;
  const char* sign = expression.operation == SetOperation::intersection ? "&"
                     : expression.operation == SetOperation::union_     ? "|"
                                                                        : "-";
  return "(" + grouped(expression.parts[0]) + sign + grouped(expression.parts[1]) + ")";
}

Segment segment(int number, const std::string& name) {
  Segment made;
  made.number = SegmentNumber(number);
  made.id.bytes[15] = static_cast<std::uint8_t>(number);
  made.name = name;
  return made;
}

TEST(Expression, groups_as_the_same_operators_do_in_python_and_cpp) {
  EXPECT_EQ(grouped(parse_expression("A & B - C")), "(A&(B-C))");
  EXPECT_EQ(grouped(parse_expression("A | B & C - D")), "(A|(B&(C-D)))");
  EXPECT_EQ(grouped(parse_expression("A - B - C")), "((A-B)-C)");
  EXPECT_EQ(grouped(parse_expression("(A | B) - (C & D)")), "((A|B)-(C&D))");
  const Segment a = segment(1, "A");
  const Segment b = segment(2, "B");
  const Segment c = segment(3, "C");
  EXPECT_EQ(to_string((a & (b - c)) | b),
            to_string(a.id) + " & " + to_string(b.id) + " - " + to_string(c.id) + " | " + to_string(b.id));
  EXPECT_EQ(to_string((a | b) & c), "(" + to_string(a.id) + " | " + to_string(b.id) + ") & " + to_string(c.id));
}

TEST(Expression, a_hyphen_inside_a_word_is_a_letter) {
  EXPECT_EQ(grouped(parse_expression("Non-members - A")), "(Non-members-A)");
  EXPECT_EQ(parse_expression("Non-members").segment, "Non-members");
  EXPECT_EQ(grouped(parse_expression("\"A\"-'B'")), "(A-B)");
  EXPECT_EQ(grouped(parse_expression("(A)-B")), "(A-B)");
}

TEST(Expression, quotes_stand_around_whatever_is_no_word) {
  EXPECT_EQ(parse_expression("\"Product news\"").segment, "Product news");
  EXPECT_EQ(parse_expression("'R&D (old) \"x\" it''s'").segment, "R&D (old) \"x\" it's");
  EXPECT_EQ(parse_expression("\"say \"\"hi\"\"\"").segment, "say \"hi\"");
  EXPECT_EQ(parse_expression("Ada's & B").parts[0].segment, "Ada's");
}

TEST(Expression, an_error_points_at_the_column_in_letters) {
  EXPECT_EQ(complaint_of(""), "1");
  EXPECT_EQ(complaint_of("A &"), "4");
  EXPECT_EQ(complaint_of("A & | B"), "5");
  EXPECT_EQ(complaint_of("Product news & B"), "9");
  EXPECT_EQ(complaint_of("(A | B"), "7");
  EXPECT_EQ(complaint_of("A) & B"), "2");
  EXPECT_EQ(complaint_of("Größe & \"B"), "9") << "a letter of two bytes is one column";
  EXPECT_EQ(complaint_of("A & \"\""), "5");
  EXPECT_EQ(complaint_of("A & \xFF"), "5");
  EXPECT_EQ(complaint_of(std::string("A & B\0", 6)), "6");
}

TEST(Expression, is_bounded) {
  EXPECT_EQ(complaint_of(std::string(101, '(') + "A" + std::string(101, ')')), "101");
  EXPECT_EQ(complaint_of(std::string(100, '(') + "A" + std::string(100, ')')), "none");
  EXPECT_EQ(complaint_of(std::string(max_expression_length + 1, 'A')), "1");
  std::string many = "A";
  for (std::size_t n = 1; n < max_expression_segments; ++n) many += "|A";
  EXPECT_EQ(complaint_of(many), "none");
  EXPECT_NE(complaint_of(many + "|A"), "none");
}

TEST(Expression, a_name_is_found_and_an_unknown_one_gets_the_nearest) {
  const std::vector<Segment> segments{segment(1, "VIP"), segment(2, "Newsletter"), segment(3, "Twin"),
                                      segment(4, "Twin")};
  const SegmentSet set = resolve(parse_expression("VIP & " + to_string(segments[2].id)), segments);
  EXPECT_EQ(set.segments(), (std::vector{SegmentNumber(1), SegmentNumber(3)}));
  try {
    (void)resolve(parse_expression("VIP & Newsleter"), segments);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
    EXPECT_EQ(error.details().at("column"), "7");
    EXPECT_NE(std::string(error.what()).find("did you mean 'Newsletter'?"), std::string::npos) << error.what();
  }
  try {
    (void)resolve(parse_expression("VIP | Twin"), segments);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::conflict);
    EXPECT_EQ(error.details().at("ids"), to_string(segments[2].id) + " " + to_string(segments[3].id));
  }
}

TEST(Expression, a_name_that_looks_like_an_expression_is_that_name) {
  const std::vector<Segment> segments{segment(1, "R & D"), segment(2, "R"), segment(3, "D"),
                                      segment(4, "Product news")};
  EXPECT_EQ(resolve(expression_of("R & D", segments), segments).segments(), std::vector{SegmentNumber(1)});
  EXPECT_EQ(resolve(expression_of("R | D", segments), segments).segments().size(), 2U);
  EXPECT_EQ(resolve(expression_of("Product news", segments), segments).segments(), std::vector{SegmentNumber(4)});
}

/// A random tree beside the function that it means.
struct Known {
  Expression expression;
  std::function<bool(unsigned)> in;  ///< of a set of segments as bits
};

Known random_known(std::mt19937& dice, int depth) {
  static const std::vector<std::string> names{"A", "Product news", "it's", "-x", "R&D", "\"q\"", "Größe"};
  const int kind = depth == 0 ? 0 : static_cast<int>(dice() % 4);
  if (kind == 0) {
    const auto n = static_cast<unsigned>(dice() % names.size());
    Expression one;
    one.segment = names[n];
    return {one, [n](unsigned bits) { return (bits >> n & 1U) != 0; }};
  }
  const Known left = random_known(dice, depth - 1);
  const Known right = random_known(dice, depth - 1);
  if (kind == 1) return {left.expression & right.expression, [=](unsigned b) { return left.in(b) && right.in(b); }};
  if (kind == 2) return {left.expression | right.expression, [=](unsigned b) { return left.in(b) || right.in(b); }};
  return {left.expression - right.expression, [=](unsigned b) { return left.in(b) && !right.in(b); }};
}

TEST(Expression, what_is_printed_means_the_same_when_it_is_read) {
  std::vector<Segment> segments;
  for (const char* name : {"A", "Product news", "it's", "-x", "R&D", "\"q\"", "Größe"}) {
    segments.push_back(segment(static_cast<int>(segments.size()), name));
  }
  std::mt19937 dice(20261124);
  for (int round = 0; round < 2000; ++round) {
    const Known known = random_known(dice, 5);
    const std::string text = to_string(known.expression);
    const SegmentSet set = resolve(parse_expression(text), segments);
    EXPECT_EQ(to_string(parse_expression(text)), text);
    for (unsigned bits = 0; bits < 128; ++bits) {
      const bool in = set.contains([&](SegmentNumber number) { return (bits >> number_of(number) & 1U) != 0; });
      ASSERT_EQ(in, known.in(bits)) << text;
    }
  }
}

}  // namespace
}  // namespace mailroll
