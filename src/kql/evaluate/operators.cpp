#include <array>

#include "kql/detail/evaluation.h"
#include "kql/detail/string_match.h"
#include "kql/json_text.h"

namespace redoubt::kql {

namespace {

using namespace detail;

struct Operands {
  const Value& left;
  const Value& right;
  const EvaluationContext& context;
};
using Operator = Value (*)(const Operands&);

template <Value (*rule)(const Value&, const Value&)>
Value plain(const Operands& of) {
  const bool dynamic = of.left.is(Type::Dynamic) || of.right.is(Type::Dynamic);
  return dynamic ? rule(unwrap(of.left), unwrap(of.right)) : rule(of.left, of.right);
}

Value unequal(const Operands& of) {
  if (of.left.is_null() || of.right.is_null())
    return of.left.is_null() && of.right.is_null() ? Value::null(Type::Bool) : Value::of_bool(true);
  return Value::of_bool(compare_values(of.left, of.right) != 0);
}

enum class Order : unsigned char { Less, LessEqual, Greater, GreaterEqual };

template <Order wanted>
Value ordered(const Operands& of) {
  if (of.left.is_null() || of.right.is_null()) return Value::null(Type::Bool);
  const std::partial_ordering order = compare_values(of.left, of.right);
  switch (wanted) {
    case Order::Less:
      return Value::of_bool(order < 0);
    case Order::LessEqual:
      return Value::of_bool(order <= 0);
    case Order::Greater:
      return Value::of_bool(order > 0);
    default:
      return Value::of_bool(order >= 0);
  }
}

// Three-valued: what decides, decides; otherwise null where an operand is null.
template <bool decisive>
Value logical(const Operands& of) {
  const std::optional<bool> left = bool_of(of.left);
  if (left == decisive) return Value::of_bool(decisive);
  const std::optional<bool> right = bool_of(of.right);
  if (right == decisive) return Value::of_bool(decisive);
  return left && right ? Value::of_bool(!decisive) : Value::null(Type::Bool);
}

using Match = bool (*)(std::string_view, std::string_view, Case);

template <Borders borders>
bool term(std::string_view text, std::string_view part, Case minded) {
  return has_term(text, part, minded, borders);
}

bool text_matches(Match match, Case minded, const Value& left, const Value& right) {
  if (left.is(Type::String) && right.is(Type::String))
    return match(left.as_string(), right.as_string(), minded);
  return match(to_text(left), to_text(right), minded);
}

template <Match match, Case minded, bool wanted>
Value text(const Operands& of) {
  return Value::of_bool(text_matches(match, minded, of.left, of.right) == wanted);
}

Value matches_regex(const Operands& of) {
  std::optional<Pattern> own;
  const Result<const Pattern*> pattern = pattern_of(of.context, to_text(of.right), own);
  if (!pattern) return Value::null(Type::Bool);
  if (of.left.is(Type::String)) return Value::of_bool((*pattern)->matches(of.left.as_string()));
  return Value::of_bool((*pattern)->matches(to_text(of.left)));
}

/// Calls `visit` with the values of a list, those of an array in it one by one, until it gives true.
template <class Visit>
bool any_of(std::span<const Value> list, Visit visit) {
  for (const Value& value : list) {
    if (!value.is(Type::Dynamic) || value.is_null() || json_kind(value.json()) != JsonKind::Array) {
      if (visit(value)) return true;
      continue;
    }
    for (const std::string_view element : json_elements(value.json()))
      if (visit(unwrap(Value::of_dynamic(std::string(element))))) return true;
  }
  return false;
}

bool in_list(const Value& left, std::span<const Value> list, Case minded) {
  if (left.is_null()) return false;
  const bool as_text = minded == Case::Ignored;
  return any_of(list, [&](const Value& value) {
    if (as_text) return text_matches(equal_text, minded, left, value);
    return !value.is_null() && compare_values(left, value) == 0;
  });
}

Value between(const Value& left, std::span<const Value> list, bool wanted) {
  if (list.size() != 2) return Value::null(Type::Bool);
  // datetime between (start .. timespan): so long from the start.
  const Value last =
      list[1].is(Type::Timespan) && list[0].is(Type::DateTime) ? add(list[0], list[1]) : list[1];
  const EvaluationContext context;
  const Value out = logical<false>({ordered<Order::GreaterEqual>({left, list[0], context}),
                                    ordered<Order::LessEqual>({left, last, context}), context});
  return out.is_null() ? out : Value::of_bool(out.as_bool() == wanted);
}

Value in_any(TokenKind op, const Value& left, std::span<const Value> list) {
  const auto term_of = [&left](const Value& part) {
    return text_matches(term<Borders::Both>, Case::Ignored, left, part);
  };
  switch (op) {
    case TokenKind::InKeyword:
      return Value::of_bool(in_list(left, list, Case::Minded));
    case TokenKind::InCsKeyword:
      return Value::of_bool(in_list(left, list, Case::Ignored));
    case TokenKind::NotInKeyword:
      return Value::of_bool(!in_list(left, list, Case::Minded));
    case TokenKind::NotInCsKeyword:
      return Value::of_bool(!in_list(left, list, Case::Ignored));
    case TokenKind::HasAnyKeyword:
      return Value::of_bool(any_of(list, term_of));
    case TokenKind::HasAllKeyword:
      return Value::of_bool(!any_of(list, [&term_of](const Value& part) { return !term_of(part); }));
    case TokenKind::BetweenKeyword:
      return between(left, list, true);
    case TokenKind::NotBetweenKeyword:
      return between(left, list, false);
    default:
      return {};
  }
}

template <TokenKind op>
Value in_one(const Operands& of) {
  return in_any(op, of.left, {&of.right, 1});
}

struct Row {
  TokenKind kind;
  Operator rule;
};
using enum TokenKind;
using enum Case;
constexpr Row kRows[] = {
    {Plus, plain<add>},
    {Minus, plain<subtract>},
    {Asterisk, plain<multiply>},
    {Slash, plain<divide>},
    {Percent, plain<modulo>},
    {EqualEqual, [](const Operands& of) { return equal(of.left, of.right); }},
    {BangEqual, unequal},
    {LessGreater, unequal},
    {Less, ordered<Order::Less>},
    {LessEqual, ordered<Order::LessEqual>},
    {Greater, ordered<Order::Greater>},
    {GreaterEqual, ordered<Order::GreaterEqual>},
    {AndKeyword, logical<false>},
    {OrKeyword, logical<true>},
    {EqualTilde, text<equal_text, Ignored, true>},
    {BangTilde, text<equal_text, Ignored, false>},
    {ContainsKeyword, text<contains_text, Ignored, true>},
    {Contains_CsKeyword, text<contains_text, Minded, true>},
    {ContainsCsKeyword, text<contains_text, Minded, true>},
    {NotBangContainsKeyword, text<contains_text, Ignored, false>},
    {NotContainsKeyword, text<contains_text, Ignored, false>},
    {NotBangContainsCsKeyword, text<contains_text, Minded, false>},
    {NotContainsCsKeyword, text<contains_text, Minded, false>},
    {StartsWithKeyword, text<starts_with_text, Ignored, true>},
    {StartsWithCsKeyword, text<starts_with_text, Minded, true>},
    {NotStartsWithKeyword, text<starts_with_text, Ignored, false>},
    {NotStartsWithCsKeyword, text<starts_with_text, Minded, false>},
    {EndsWithKeyword, text<ends_with_text, Ignored, true>},
    {EndsWithCsKeyword, text<ends_with_text, Minded, true>},
    {NotEndsWithKeyword, text<ends_with_text, Ignored, false>},
    {NotEndsWithCsKeyword, text<ends_with_text, Minded, false>},
    {HasKeyword, text<term<Borders::Both>, Ignored, true>},
    {HasCsKeyword, text<term<Borders::Both>, Minded, true>},
    {NotHasKeyword, text<term<Borders::Both>, Ignored, false>},
    {NotHasCsKeyword, text<term<Borders::Both>, Minded, false>},
    {HasPrefixKeyword, text<term<Borders::Front>, Ignored, true>},
    {HasPrefixCsKeyword, text<term<Borders::Front>, Minded, true>},
    {NotHasPrefixKeyword, text<term<Borders::Front>, Ignored, false>},
    {NotHasPrefixCsKeyword, text<term<Borders::Front>, Minded, false>},
    {HasSuffixKeyword, text<term<Borders::Back>, Ignored, true>},
    {HasSuffixCsKeyword, text<term<Borders::Back>, Minded, true>},
    {NotHasSuffixKeyword, text<term<Borders::Back>, Ignored, false>},
    {NotHasSuffixCsKeyword, text<term<Borders::Back>, Minded, false>},
    {MatchesRegexKeyword, matches_regex},
    {InKeyword, in_one<InKeyword>},
    {InCsKeyword, in_one<InCsKeyword>},
    {NotInKeyword, in_one<NotInKeyword>},
    {NotInCsKeyword, in_one<NotInCsKeyword>},
    {HasAnyKeyword, in_one<HasAnyKeyword>},
    {HasAllKeyword, in_one<HasAllKeyword>},
};

constexpr std::size_t kKinds = 512;

/// By kind of token; null where there is no operator.
constexpr std::array<Operator, kKinds> kOperators = [] {
  std::array<Operator, kKinds> out{};
  for (const Row& row : kRows)
    out[static_cast<std::size_t>(row.kind)] = row.rule;
  return out;
}();

}  // namespace

bool can_apply(TokenKind op) {
  return kOperators[static_cast<std::size_t>(op)] != nullptr || op == BetweenKeyword ||
         op == NotBetweenKeyword;
}

Value apply(TokenKind op, const Value& left, const Value& right, const EvaluationContext& context) {
  const Operator rule = kOperators[static_cast<std::size_t>(op)];
  return rule == nullptr ? Value() : rule({left, right, context});
}

Value apply(TokenKind op, const Value& left, std::span<const Value> list) { return in_any(op, left, list); }

Value apply(TokenKind op, const Value& operand) {
  if (op == Minus) return negate(unwrap(operand));
  return op == Plus ? operand : Value();
}

Value element_of(const Value& base, const Value& index) {
  if (!base.is(Type::Dynamic) || base.is_null()) return Value::null(Type::Dynamic);
  const Value key = unwrap(index);
  if (key.is(Type::String)) return Value::of_dynamic(std::string(json_member(base.json(), key.as_string())));
  const std::optional<std::int64_t> at = whole_of(key);
  return at ? Value::of_dynamic(std::string(json_element(base.json(), *at))) : Value::null(Type::Dynamic);
}

}  // namespace redoubt::kql
