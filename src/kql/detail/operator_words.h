#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "kql/detail/parameters.h"

namespace redoubt::kql::detail {

/// What stands behind the word of an operator and its parameters.
enum class OperatorTakes : std::uint8_t {
  Nothing,
  Expression,  ///< with columns and functions
  Aggregates,
  Columns,
  Number,
  Tables,
  Plugin,
  Chart,
  Function,  ///< of the query, or of the workspace
  NewName
};

/// An operator, as editors need it.
struct OperatorWord {
  std::string_view name;
  OperatorTakes takes = OperatorTakes::Expression;
  std::string_view summary;
  const ParameterRules* rules = nullptr;  ///< of its parameters; null: it has none
  /// Words that may follow what it takes, and what stands behind these is an expression.
  std::span<const std::string_view> clauses = {};
  bool begins = false;    ///< it may begin a query
  bool follows = true;    ///< it may follow `|`
  bool legacy = false;    ///< another spelling that is not offered
  bool subquery = false;  ///< a query, or operators, stand in parentheses behind it

  ParameterRules parameters() const { return rules == nullptr ? ParameterRules() : *rules; }
};

/// Null: no operator has the name.
const OperatorWord* find_operator_word(std::string_view name);
std::span<const OperatorWord> operator_words();

}  // namespace redoubt::kql::detail
