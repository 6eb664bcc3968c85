/// Set algebra on segments: `VIP & Newsletter`, `Registered - Churned`, `(A | B) - "Product news"`.
///
///     union        := intersection { "|" intersection }
///     intersection := difference { "&" difference }
///     difference   := operand { "-" operand }
///     operand      := word | quoted | "(" union ")"
///
/// So "-" binds tightest, then "&", then "|", and equals group from the left: as the same operators do in C++ and Python.
/// A word is a segment's name or id without blanks and without any of & | ( ); it does not begin with a quote or "-".
/// Inside a word "-" is a letter like others (`Non-members`, and ids), so the operator stands after a blank, a quoted
/// name or a bracket. A quoted name stands between " or ', with that quote doubled inside it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailroll/export.hpp"
#include "mailroll/ids.hpp"
#include "mailroll/people/segment.hpp"
#include "mailroll/roll/reference.hpp"

namespace mailroll {

enum class SetOperation : std::uint8_t { segment, intersection, union_, difference };

/// An expression as it was said. Two segments, or two expressions, make one by & (in both), | (in any) and - (in the left
/// and not in the right).
struct MAILROLL_EXPORT Expression {
  SetOperation operation = SetOperation::segment;
  std::string segment;            ///< its name or id; "" for the other operations
  std::size_t column = 0;         ///< of the segment or the operator, in characters from 1; 0: not read from a text
  std::vector<Expression> parts;  ///< two, left first; none for a segment

  Expression() = default;
  Expression(const Segment& one) : segment(to_string(one.id)) {}
  Expression(const SegmentId& id) : segment(to_string(id)) {}
  Expression(SetOperation how, Expression left, Expression right, std::size_t at = 0);

  /// Wherever people are named by a segment, an expression is its text.
  operator SegmentRef() const;
  bool operator==(const Expression&) const = default;
};

MAILROLL_EXPORT Expression operator&(Expression left, Expression right);
MAILROLL_EXPORT Expression operator|(Expression left, Expression right);
MAILROLL_EXPORT Expression operator-(Expression left, Expression right);

inline constexpr std::size_t max_expression_length = 20000;  ///< bytes
inline constexpr std::size_t max_expression_segments = 200;
inline constexpr std::size_t max_expression_depth = 100;  ///< brackets in brackets

/// Reads a text. Invalid, with details["reason"] = "expression" and details["column"], where it is none, is longer or
/// deeper than the bounds above, or is not UTF-8.
MAILROLL_EXPORT Expression parse_expression(std::string_view text);
/// The text, with as few brackets as it needs; parse_expression() gives back the same tree but for its columns.
MAILROLL_EXPORT std::string to_string(const Expression& expression);

/// An expression whose segments have been found among a team's.
struct MAILROLL_EXPORT SegmentSet {
  SetOperation operation = SetOperation::segment;
  SegmentNumber segment{};        ///< 0 for the other operations
  std::vector<SegmentSet> parts;  ///< two, left first; none for a segment

  /// Whether somebody is meant of whom `in` says which segments they are in. Pure.
  template <std::predicate<SegmentNumber> In>
  [[nodiscard]] bool contains(const In& in) const {
    switch (operation) {
      case SetOperation::segment: return in(segment);
      case SetOperation::intersection: return parts[0].contains(in) && parts[1].contains(in);
      case SetOperation::union_: return parts[0].contains(in) || parts[1].contains(in);
      case SetOperation::difference: return parts[0].contains(in) && !parts[1].contains(in);
    }
    return false;
  }
  /// The same of somebody who is in these segments, ascending.
  [[nodiscard]] bool contains(std::span<const SegmentNumber> memberships) const;
  /// The segments that it names, ascending, each once.
  [[nodiscard]] std::vector<SegmentNumber> segments() const;

  bool operator==(const SegmentSet&) const = default;
};

/// Finds each segment by its id or its name. Where there is none: not_found, with the column, and the nearest name. Where
/// several bear the name: conflict, with the column and details["ids"].
MAILROLL_EXPORT SegmentSet resolve(const Expression& expression, std::span<const Segment> segments);

/// The same with the ids of its segments, found as resolve() finds them: what stays true when segments are renamed.
MAILROLL_EXPORT Expression with_ids(Expression expression, std::span<const Segment> segments);
/// The same with names in the place of ids, where only one segment bears the name: to show to people.
MAILROLL_EXPORT Expression with_names(Expression expression, std::span<const Segment> segments);

/// What a caller's text means: the segment that has this id or just this name, whatever letters are in it, else an
/// expression. A text without any operator is a name, with blanks or not.
MAILROLL_EXPORT Expression expression_of(const SegmentRef& text, std::span<const Segment> segments);

}  // namespace mailroll
