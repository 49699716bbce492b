#pragma once

#include <span>
#include <string_view>

namespace redoubt::kql::detail {

/// What a parameter of an operator takes behind its `=`.
enum class ValueForm : std::uint8_t {
  Any,
  Scalar,
  Integer,
  Number,
  ForcedReal,  ///< a number that is real, however it is written
  String,      ///< a literal
  Bool,
  Text,  ///< an expression that gives a string
  Word,  ///< one of `words`, or anything if there are none
  WordOrNumber,
  Name,  ///< of a new column
  Column,
  Columns
};

/// A parameter of an operator, such as `kind` of join.
struct ParameterRule {
  std::string_view name;
  ValueForm form = ValueForm::Any;
  std::span<const std::string_view> words = {};
  bool without_equal = false;  ///< `by a, b`
  bool repeated = false;       ///< it may stand several times
};
using ParameterRules = std::span<const ParameterRule>;

// Parameters by operator.
// Source: Kusto Query Language reference, pages of the operators; Kusto.Language 12.4.1,
// QueryOperatorParameters, for what they leave out.
extern const ParameterRules kAsParameters;
extern const ParameterRules kConsumeParameters;
extern const ParameterRules kDistinctParameters;
extern const ParameterRules kEvaluateParameters;
extern const ParameterRules kFindParameters;
extern const ParameterRules kGraphMarkComponentsParameters;
extern const ParameterRules kGraphMatchParameters;
extern const ParameterRules kGraphShortestPathsParameters;
extern const ParameterRules kGraphToTableEdgesParameters;
extern const ParameterRules kGraphToTableNodesParameters;
extern const ParameterRules kJoinParameters;
extern const ParameterRules kLookupParameters;
extern const ParameterRules kMakeGraphParameters;
extern const ParameterRules kMakeSeriesParameters;
extern const ParameterRules kMvApplyParameters;
extern const ParameterRules kMvExpandParameters;
extern const ParameterRules kParseKvProperties;
extern const ParameterRules kParseParameters;
extern const ParameterRules kPartitionParameters;
extern const ParameterRules kReduceProperties;
extern const ParameterRules kRenderParameters;
extern const ParameterRules kRenderProperties;
extern const ParameterRules kScanParameters;
extern const ParameterRules kSearchParameters;
extern const ParameterRules kSortParameters;
extern const ParameterRules kSummarizeParameters;
extern const ParameterRules kToScalarParameters;
extern const ParameterRules kTopParameters;
extern const ParameterRules kUnionParameters;

/// The rule of a name; null: there is none. Case counts.
const ParameterRule* find_parameter(ParameterRules rules, std::string_view name);
/// A parameter that any operator may have as far as the syntax goes.
const ParameterRule* find_known_parameter(std::string_view name);
/// Known names that are several tokens (`hint.pass_filters`).
std::span<const std::string_view> long_parameter_names();
/// What render draws.
std::span<const std::string_view> chart_words();

}  // namespace redoubt::kql::detail
