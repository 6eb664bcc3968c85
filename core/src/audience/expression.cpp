#include "mailroll/audience/expression.hpp"

#include <algorithm>
#include <utility>

#include "audience/text_scanner.hpp"
#include "mailroll/error.hpp"
#include "mailroll/nearest_name.hpp"

namespace mailroll {

namespace {

constexpr detail::TextKind expression_text{"the segment expression", "expression"};

bool ends_word(char letter) {
  return detail::is_blank(letter) || letter == '&' || letter == '|' || letter == '(' || letter == ')';
}

bool begins_word(char letter) {
  return !ends_word(letter) && letter != '"' && letter != '\'' && letter != '-' && letter != '\0';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text, expression_text, max_expression_length) {}

  Expression whole() {
    Expression expression = operation(0);
    if (scanner_.at_end()) return expression;
    if (scanner_.peek() == ')') throw wrong("there is no ( for this )");
    throw wrong("there is no operator before this: one of &, | and - (put quotes around a name with blanks)");
  }

 private:
  struct Operator {
    char letter;
    SetOperation operation;
  };
  /// The loosest first.
  static constexpr Operator operators[] = {
      {'|', SetOperation::union_}, {'&', SetOperation::intersection}, {'-', SetOperation::difference}};

  Expression operation(std::size_t level) {
    if (level == std::size(operators)) return operand();
    Expression left = operation(level + 1);
    while (scanner_.peek() == operators[level].letter) {
      const std::size_t at = scanner_.column();
      scanner_.skip(1);
      left = Expression(operators[level].operation, std::move(left), operation(level + 1), at);
    }
    return left;
  }

  Expression operand() {
    scanner_.skip_blanks();
    Expression one;
    one.column = scanner_.column();
    const char letter = scanner_.peek();
    if (letter == '(') {
      if (++depth_ > max_expression_depth) throw wrong("there are too many brackets in brackets");
      scanner_.skip(1);
      one = operation(0);
      if (scanner_.peek() != ')') throw wrong("there is an operator or a ) missing here");
      scanner_.skip(1);
      --depth_;
    } else {
      if (letter == '"' || letter == '\'')
        one.segment = scanner_.take_quoted();
      else if (begins_word(letter))
        one.segment = scanner_.take_while([](char next) { return !ends_word(next); });
      if (one.segment.empty()) throw expression_text.wrong(one.column, "there is a segment's name or id missing here");
      if (++segments_ > max_expression_segments) throw wrong("there are too many segments in one expression");
    }
    scanner_.skip_blanks();
    return one;
  }

  [[nodiscard]] Error wrong(const std::string& why) const { return scanner_.wrong(scanner_.column(), why); }

  detail::TextScanner scanner_;
  std::size_t depth_ = 0;
  std::size_t segments_ = 0;
};

std::string name_text(const std::string& name) {
  const bool word = !name.empty() && begins_word(name.front()) && std::ranges::none_of(name, ends_word);
  return word ? name : detail::quoted(name, '"');
}

int tightness(SetOperation operation) {
  switch (operation) {
    case SetOperation::union_: return 0;
    case SetOperation::intersection: return 1;
    case SetOperation::difference: return 2;
    case SetOperation::segment: return 3;
  }
  return 3;
}

std::string_view sign(SetOperation operation) {
  if (operation == SetOperation::union_) return " | ";
  return operation == SetOperation::intersection ? " & " : " - ";
}

std::string text_of(const Expression& expression, int tightest_outside) {
  if (expression.operation == SetOperation::segment) return name_text(expression.segment);
  const int mine = tightness(expression.operation);
  // Equals group from the left, so one on the right of its like needs brackets.
  const std::string text = text_of(expression.parts[0], mine) + std::string(sign(expression.operation)) +
                           text_of(expression.parts[1], mine + 1);
  return mine < tightest_outside ? "(" + text + ")" : text;
}

SegmentNumber find(const Expression& one, std::span<const Segment> segments) {
  const std::optional<Uuid> id = parse_uuid(one.segment);
  const Segment* found = nullptr;
  std::string ids;
  for (const Segment& segment : segments) {
    if (id && Uuid(segment.id) == *id) return segment.number;
    if (segment.name != one.segment) continue;
    ids += (ids.empty() ? "" : " ") + to_string(segment.id);
    found = &segment;
  }
  const std::string column = std::to_string(one.column);
  const std::string where =
      one.column == 0 ? std::string() : std::string(expression_text.what) + ", column " + column + ": ";
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const Segment& segment : segments) names.push_back(segment.name);
    throw Error(ErrorKind::not_found,
                where + "there is no segment of that name or id" + suggestion(one.segment, names) +
                    "; `mailroll segments list` shows those there are",
                {{"reason", "segment_not_found"}, {"column", column}});
  }
  if (ids.find(' ') != std::string::npos) {
    throw Error(ErrorKind::conflict, where + "several segments bear that name; use one of their ids: " + ids,
                {{"reason", "ambiguous_name"}, {"column", column}, {"ids", ids}});
  }
  return found->number;
}

void gather(const SegmentSet& set, std::vector<SegmentNumber>& numbers) {
  if (set.operation == SetOperation::segment) numbers.push_back(set.segment);
  for (const SegmentSet& part : set.parts) gather(part, numbers);
}

/// Whether a text can only be a name: nothing in it can be an operator.
bool is_plain(std::string_view text) {
  if (text.find_first_of("&|()") != std::string_view::npos) return false;
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return true;
  if (text[begin] == '"' || text[begin] == '\'') return false;
  return text.find(" -") == std::string_view::npos;
}

}  // namespace

Expression::Expression(SetOperation how, Expression left, Expression right, std::size_t at)
    : operation(how), column(at) {
  parts.push_back(std::move(left));
  parts.push_back(std::move(right));
}

Expression::operator SegmentRef() const { return {operation == SetOperation::segment ? segment : to_string(*this)}; }

Expression operator&(Expression left, Expression right) {
  return {SetOperation::intersection, std::move(left), std::move(right)};
}

Expression operator|(Expression left, Expression right) {
  return {SetOperation::union_, std::move(left), std::move(right)};
}

Expression operator-(Expression left, Expression right) {
  return {SetOperation::difference, std::move(left), std::move(right)};
}

Expression parse_expression(std::string_view text) { return Parser(text).whole(); }

std::string to_string(const Expression& expression) { return text_of(expression, 0); }

bool SegmentSet::contains(std::span<const SegmentNumber> memberships) const {
  return contains([&](SegmentNumber number) { return std::ranges::binary_search(memberships, number); });
}

std::vector<SegmentNumber> SegmentSet::segments() const {
  std::vector<SegmentNumber> numbers;
  gather(*this, numbers);
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

SegmentSet resolve(const Expression& expression, std::span<const Segment> segments) {
  SegmentSet set;
  set.operation = expression.operation;
  if (expression.operation == SetOperation::segment) set.segment = find(expression, segments);
  for (const Expression& part : expression.parts) set.parts.push_back(resolve(part, segments));
  return set;
}

Expression with_ids(Expression expression, std::span<const Segment> segments) {
  for (Expression& part : expression.parts) part = with_ids(std::move(part), segments);
  if (expression.operation == SetOperation::segment) {
    expression.segment = to_string(std::ranges::find(segments, find(expression, segments), &Segment::number)->id);
  }
  return expression;
}

Expression with_names(Expression expression, std::span<const Segment> segments) {
  for (Expression& part : expression.parts) part = with_names(std::move(part), segments);
  const auto found =
      std::ranges::find_if(segments, [&](const Segment& one) { return to_string(one.id) == expression.segment; });
  if (found != segments.end() && std::ranges::count(segments, found->name, &Segment::name) == 1) {
    expression.segment = found->name;
  }
  return expression;
}

Expression expression_of(const SegmentRef& text, std::span<const Segment> segments) {
  const bool is_name = std::ranges::any_of(segments, [&](const Segment& known) { return known.name == text.text; });
  if (!is_name && !is_plain(text.text)) return parse_expression(text.text);
  Expression one;
  one.segment = text.text;
  return one;
}

}  // namespace mailroll
