#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kql/evaluate.h"
#include "kql/pattern.h"
#include "kql/plan.h"

namespace redoubt::query::detail {

/// How parse and parse-where read a text.
struct ParseMode {
  bool regex = false;    ///< the texts of the pattern are expressions
  bool relaxed = false;  ///< a column whose value does not fit is null alone
};

/// The expression of a whole pattern: a group for each column, `.*?` for a star.
///
/// Texts of a simple or relaxed pattern stand for themselves, the pattern begins and ends with the text, and
/// a column takes as little as it can; what no text ends (before a star) takes the form of its type. In
/// kind=regex the pattern fits anywhere, columns of text take as much as they can, and all others the form of
/// their type.
/// Source: Kusto Query Language reference, "parse operator"; answers of Microsoft's engine that the tests of
/// duckdb-kql (MIT) record.
std::string parse_expression(std::span<const kql::ParsePiece> pieces, ParseMode mode, std::string_view flags);

/// A pattern that is ready to be used, row by row.
class ParsePattern {
 public:
  /// Errors: KQL0406 the expression is none.
  static Result<ParsePattern> compile(std::span<const kql::ParsePiece> pieces, ParseMode mode,
                                      std::string_view flags);

  std::span<const kql::Column* const> columns() const { return columns_; }
  /// The values of all columns; false: the text does not fit, and they are empty.
  Result<bool> read(std::string_view text, const kql::EvaluationContext& context,
                    std::vector<kql::Value>& values);

 private:
  explicit ParsePattern(kql::Pattern pattern) : pattern_(std::move(pattern)) {}

  kql::Pattern pattern_;
  ParseMode mode_;
  std::vector<const kql::Column*> columns_;
  std::vector<std::size_t> groups_;
  kql::Pattern::Groups found_;
};

/// What a piece of a text is as a value of a type; null: it is none.
Result<kql::Value> read_value(std::string_view text, kql::Type type, const kql::EvaluationContext& context);

}  // namespace redoubt::query::detail
