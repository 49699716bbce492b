#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kql/evaluate.h"
#include "kql/pattern.h"

/// What the parts of the evaluator share; only src/kql/evaluate*.cpp include it.
namespace redoubt::kql::detail {

/// A call under evaluation. The number of arguments was checked.
struct Call {
  const Function& function;
  std::span<const Value> arguments;
  const EvaluationContext& context;

  std::size_t size() const { return arguments.size(); }
  const Value& operator[](std::size_t i) const { return arguments[i]; }
  /// The argument, when it is there and not null.
  const Value* given(std::size_t i) const {
    return i < arguments.size() && !arguments[i].is_null() ? &arguments[i] : nullptr;
  }
  std::string text(std::size_t i) const { return to_text(arguments[i]); }
  /// Of a number, also inside a dynamic; nothing for null and others.
  std::optional<std::int64_t> whole(std::size_t i) const;
  std::optional<double> real(std::size_t i) const;
};

using Evaluation = Result<Value> (*)(const Call&);

struct EvaluationRow {
  std::string_view name;
  Evaluation evaluate;
  std::uint8_t least = 1;  ///< arguments
  std::uint8_t most = 1;   ///< kMany: any number
};
inline constexpr std::uint8_t kMany = 255;

using EvaluationRows = std::span<const EvaluationRow>;

// The tables, a topic each.
EvaluationRows address_evaluations();
EvaluationRows array_evaluations();
EvaluationRows bag_evaluations();
EvaluationRows bit_evaluations();
EvaluationRows compression_evaluations();
EvaluationRows condition_evaluations();
EvaluationRows context_evaluations();
EvaluationRows conversion_evaluations();
EvaluationRows date_evaluations();
EvaluationRows date_part_evaluations();
EvaluationRows distribution_evaluations();
EvaluationRows encoding_evaluations();
EvaluationRows format_evaluations();
EvaluationRows geo_geohash_evaluations();
EvaluationRows geo_line_evaluations();
EvaluationRows geo_point_evaluations();
EvaluationRows geo_polygon_evaluations();
EvaluationRows geo_s2_evaluations();
EvaluationRows geo_text_evaluations();
EvaluationRows hash_evaluations();
EvaluationRows ipv6_evaluations();
EvaluationRows math_evaluations();
EvaluationRows parsing_evaluations();
EvaluationRows pattern_evaluations();
EvaluationRows punycode_evaluations();
EvaluationRows replacing_evaluations();
EvaluationRows rounding_evaluations();
EvaluationRows series_element_evaluations();
EvaluationRows series_filling_evaluations();
EvaluationRows series_filter_evaluations();
EvaluationRows series_fit_evaluations();
EvaluationRows series_season_evaluations();
EvaluationRows series_statistic_evaluations();
EvaluationRows set_evaluations();
EvaluationRows sketch_evaluations();
EvaluationRows string_evaluations();
EvaluationRows time_zone_evaluations();
EvaluationRows unit_evaluations();
EvaluationRows url_evaluations();
EvaluationRows user_agent_evaluations();
EvaluationRows xml_evaluations();

// Failures.
tl::unexpected<Error> too_large(const Call& call);
/// An argument the engine refuses.
tl::unexpected<Error> refused(const Call& call, std::string_view what, std::string_view hint = {});

/// The value, or KQL0405 when it is past the limit.
Result<Value> text_result(const Call& call, std::string text);
Result<Value> dynamic_result(const Call& call, std::string json);

/// A pattern from the context's cache, or compiled into `own`.
Result<const Pattern*> pattern_of(const EvaluationContext& context, std::string_view text,
                                  std::optional<Pattern>& own);

// Numbers and other scalars behind a value.
std::optional<std::int64_t> whole_of(const Value& value);
std::optional<double> real_of(const Value& value);
std::optional<bool> bool_of(const Value& value);

/// Order of two values which are not null, after bringing them to a common type; unordered when there is
/// none.
std::partial_ordering compare_values(const Value& left, const Value& right);

// Operators.
Value add(const Value& left, const Value& right);
Value subtract(const Value& left, const Value& right);
Value multiply(const Value& left, const Value& right);
Value divide(const Value& left, const Value& right);
Value modulo(const Value& left, const Value& right);
Value negate(const Value& operand);
Value equal(const Value& left, const Value& right);

/// What hash() gives for the value.
std::uint64_t hash_of(const Value& value);

/// The largest multiple of `size`, counted from `origin`, that is not above the value.
Value bin_value(const Value& value, const Value& size, const Value& origin);

/// The bytes a text is, character by character: where the character at `index` begins; its size when there
/// are fewer.
std::size_t character_offset(std::string_view text, std::size_t index);
std::size_t character_count(std::string_view text);

}  // namespace redoubt::kql::detail
