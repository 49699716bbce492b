#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "core/time_zone.h"
#include "kql/functions.h"
#include "kql/token.h"
#include "kql/value.h"

namespace redoubt::geo {
class IpLocations;
}

namespace redoubt::kql {

class PatternCache;
struct Expression;
class UserAgents;

/// What one call may make and take.
struct EvaluationLimits {
  std::size_t max_bytes = std::size_t{16} << 20;  ///< of a text or dynamic result
  std::uint32_t max_depth = 512;                  ///< of JSON that is parsed
  std::size_t max_elements = 1'048'576;           ///< of an array that a call makes, as the engine has it
  std::size_t max_steps = 1'000'000'000;          ///< of a call that takes more than its arguments are long
};

/// What evaluation needs beside the arguments. now() and ago() count from `now`, in UTC.
struct EvaluationContext {
  Instant now;
  EvaluationLimits limits;
  /// Keeps compiled patterns between calls; without it each call compiles its own.
  PatternCache* patterns = nullptr;
  /// The clocks of the world, and where they come from; without it each call reads what the system has.
  TimeZones* zones = nullptr;
  /// The patterns of parse_user_agent(), over a thousand; without it each call compiles those it needs.
  UserAgents* user_agents = nullptr;
  /// What geo_info_from_ip_address() looks in; without it that is null.
  const geo::IpLocations* locations = nullptr;
};

/// Whether evaluate() knows the function: a scalar one, no row context, nothing random, no outside data.
bool can_evaluate(const Function& function);

/// The value of a call. Of a function that gives several columns (ResultRule::PrefixedColumns) it is a
/// dynamic array of what they hold, in the order of Signature::columns, null for each that there is no value
/// of.
///
/// Arguments that do not have the type a parameter wants are converted as the engine
/// does it, or count as null; a typeof() argument is given as the type's null.
///
/// Errors: KQL0403 the function cannot be evaluated here; KQL0404 too few arguments or too many; KQL0405 the
/// result is larger than a limit; KQL0406 a pattern that RE2 does not take; KQL0407 an argument that the
/// engine refuses (an unknown part of a date, a bad format); KQL0408 there is no database of time zones;
/// KQL0409 an assert() that fails.
/// Source: Kusto Query Language reference, the page of each function; where that is silent, answers of
/// Microsoft's engine.
Result<Value> evaluate(const Function& function, std::span<const Value> arguments,
                       const EvaluationContext& context);

/// The value of a literal of a plan; nothing: it is none, or has no value.
std::optional<Value> literal_value(const Expression& literal);

/// The order of two values, after bringing them to a common type: nulls are less than all else; unordered
/// when there is no common type, and for NaN.
std::partial_ordering order_of(const Value& left, const Value& right);

/// Whether apply() knows the operator.
bool can_apply(TokenKind op);

/// The value of `left op right`: arithmetic, comparison, logic, text and list operators. The right side of
/// `in` and `has_any` is one value or a dynamic array of them. Types that do not fit give null, a pattern
/// that is none a null bool (check_pattern tells it beforehand).
///
/// Numbers: int counts as long; long wraps at 64 bits; a long divided by zero is null, a real one NaN or an
/// infinity; the modulo is never negative. Null: arithmetic and order give null; `==` of one null is false,
/// of two null; `!=` of one null is true; `and`, `or` are three-valued; `in` is false for null.
/// Terms (`has` ...): a match must not touch a letter or digit with a side that is one itself.
/// Source: Kusto Query Language reference, "Numerical operators", "Null values", "String operators",
/// "Datetime / timespan arithmetic", "Logical (binary) operators".
Value apply(TokenKind op, const Value& left, const Value& right, const EvaluationContext& context = {});

/// `left in (a, b)`, `has_any`, `has_all`, `between (a .. b)` and their negations.
Value apply(TokenKind op, const Value& left, std::span<const Value> list);

/// `-operand` and `+operand`.
Value apply(TokenKind op, const Value& operand);

/// `base.name`, `base['name']`, `base[2]`, `base[-1]`; null where there is none. An index that is a text is a
/// name, a number counts elements.
Value element_of(const Value& base, const Value& index);

/// A scalar inside a dynamic value as bool, long, real or string; arrays, bags and other types stay as they
/// are.
Value unwrap(const Value& value);

/// The value as one of the type, as the engine's to...() functions convert; null when it can't be.
Value convert(const Value& value, Type type);

}  // namespace redoubt::kql
