#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "arm/origins.h"
#include "doc/value.h"

namespace redoubt::policy {

/// The operators of conditions. Source: Azure Policy definition structure, policy rule, "Conditions".
enum class Operator : std::uint8_t {
  Equals,
  NotEquals,
  Like,
  NotLike,
  Match,
  NotMatch,
  MatchInsensitively,
  NotMatchInsensitively,
  Contains,
  NotContains,
  In,
  NotIn,
  ContainsKey,
  NotContainsKey,
  Less,
  LessOrEquals,
  Greater,
  GreaterOrEquals,
  Exists,
};

struct OperatorRow {
  std::string_view name;
  Operator op;
  Operator positive;  ///< the operator it negates, else itself
  std::string_view summary;
};
std::span<const OperatorRow> operators();
/// In any case.
std::optional<Operator> find_operator(std::string_view name);
std::string_view name_of(Operator op);

/// Three values, and the failure of an evaluation.
enum class Truth : std::uint8_t { False, True, Unknown, Error };

constexpr Truth negate(Truth truth) {
  if (truth == Truth::True) return Truth::False;
  return truth == Truth::False ? Truth::True : truth;
}
constexpr Truth truth_of(bool value) { return value ? Truth::True : Truth::False; }

/// How a comparison is to be read.
struct Comparison {
  bool location = false;        ///< "East US 2" equals "eastus2"
  bool computed_right = false;  ///< the right side was worked out of the resource
  /// Where open text is known in part (`st{parameters.prefix}`): what it begins or ends with can decide. May
  /// be null.
  const arm::Origins* origins = nullptr;
};

/// Judges `left op right`. A left side of null means a missing property, which is the same as null.
///
/// Scalars are compared by their text without case, so that "true" equals true and "1" equals 1; match and
/// notMatch mind case. An unknown side gives Unknown unless every possible value gives the same answer
/// (semantics 2.3, item 2). Truth::Error with `error` set for what Azure fails on.
Truth compare(Operator op, const doc::Value* left, const doc::Value& right, Comparison how,
              std::string& error);

/// Text of a scalar as operators compare it; containers have none.
std::optional<std::string> scalar_text(const doc::Value& value);

/// `pattern` with `*` (any text) and, where `question` says so, `?` (one character); ignores case.
bool wildcard_match(std::string_view text, std::string_view pattern, bool question);

/// Lower case without spaces, as regions are compared.
std::string normal_location(std::string_view location);

}  // namespace redoubt::policy
