#include <algorithm>

#include "kql/detail/evaluation.h"

namespace redoubt::kql::detail {

namespace {

/// The type that values which must agree are brought to: the widest of numbers, otherwise that of the first
/// which is not dynamic; dynamic when all are.
Type common_type(std::span<const Value> values) {
  Type out = Type::Dynamic;
  for (const Value& value : values) {
    if (value.is(Type::Dynamic) || value.is(Type::Unknown)) continue;
    if (out == Type::Dynamic) {
      out = value.type();
    } else if (contains(kNumbers, out) && contains(kNumbers, value.type())) {
      out = std::max(out, value.type());
    }
  }
  return out;
}

bool holds(const Value& condition) { return bool_of(condition).value_or(false); }

Result<Value> iff(const Call& call) {
  return convert(holds(call[0]) ? call[1] : call[2], common_type(call.arguments.subspan(1)));
}

/// case(predicate, then, predicate, then, ..., else)
Result<Value> case_of(const Call& call) {
  if (call.size() % 2 == 0) return refused(call, "a predicate without its value");
  std::vector<Value> choices;
  for (std::size_t i = 1; i < call.size(); i += 2)
    choices.push_back(call[i]);
  choices.push_back(call[call.size() - 1]);
  const Type type = common_type(choices);
  for (std::size_t i = 0; i + 1 < call.size(); i += 2)
    if (holds(call[i])) return convert(call[i + 1], type);
  return convert(call[call.size() - 1], type);
}

bool is_empty(const Value& value) {
  if (value.is_null()) return true;
  if (value.is(Type::String)) return value.as_string().empty();
  return value.is(Type::Dynamic) && value.json() == R"("")";
}

Result<Value> coalesce(const Call& call) {
  const Type type = common_type(call.arguments);
  for (const Value& argument : call.arguments)
    if (!argument.is_null() && !(argument.is(Type::String) && argument.as_string().empty()))
      return convert(argument, type);
  return Value::null(type);
}

template <bool wanted>
Result<Value> empty(const Call& call) {
  return Value::of_bool(is_empty(call[0]) == wanted);
}
template <bool wanted>
Result<Value> null(const Call& call) {
  return Value::of_bool(call[0].is_null() == wanted);
}

Result<Value> negation(const Call& call) {
  const std::optional<bool> value = bool_of(call[0]);
  return value ? Value::of_bool(!*value) : Value::null(Type::Bool);
}

/// The largest or smallest; nulls do not count.
template <bool largest>
Result<Value> extreme(const Call& call) {
  const Type type = common_type(call.arguments);
  const Value* best = nullptr;
  for (const Value& argument : call.arguments) {
    if (argument.is_null()) continue;
    const bool better = best == nullptr ||
                        (largest ? compare_values(argument, *best) > 0 : compare_values(argument, *best) < 0);
    if (better) best = &argument;
  }
  return best == nullptr ? Value::null(type) : convert(*best, type);
}

/// Whether center - delta <= value <= center + delta.
Result<Value> around(const Call& call) {
  const Value least = apply(TokenKind::Minus, call[1], call[2]);
  const Value most = apply(TokenKind::Plus, call[1], call[2]);
  const Value bounds[] = {least, most};
  return apply(TokenKind::BetweenKeyword, call[0], bounds);
}

/// True, or an error with the message.
Result<Value> assertion(const Call& call) {
  if (holds(call[0])) return Value::of_bool(true);
  return fail(Error::Kind::InvalidInput, "KQL0409",
              "assert() has failed with message: '" + call.text(1) + "'");
}

constexpr EvaluationRow kRows[] = {{"around", around, 3, 3},
                                   {"assert", assertion, 2, 2},
                                   {"case", case_of, 3, kMany},
                                   {"coalesce", coalesce, 1, kMany},
                                   {"iff", iff, 3, 3},
                                   {"isempty", empty<true>},
                                   {"isnotempty", empty<false>},
                                   {"isnotnull", null<false>},
                                   {"isnull", null<true>},
                                   {"max_of", extreme<true>, 1, kMany},
                                   {"min_of", extreme<false>, 1, kMany},
                                   {"not", negation}};

}  // namespace

EvaluationRows condition_evaluations() { return kRows; }

}  // namespace redoubt::kql::detail
