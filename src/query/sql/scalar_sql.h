#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "query/detail/executor.h"
#include "query/sql/sql_value.h"

namespace redoubt::query::sql {

/// Says expressions of a plan in SQL. What cannot be said gives nothing: the caller works it out in memory.
class ScalarSql {
 public:
  using Columns = std::function<std::optional<SqlValue>(const kql::Column&)>;
  /// What a call of an aggregate is; without it there are none.
  using Aggregates = std::function<std::optional<SqlValue>(const kql::Expression&)>;

  /// A name for an expression that is used more than once.
  using Names = std::function<std::string(const std::string&)>;

  ScalarSql(detail::Executor& executor, Columns columns, Names names, Aggregates aggregates = {})
      : executor_(executor),
        columns_(std::move(columns)),
        names_(std::move(names)),
        aggregates_(std::move(aggregates)) {}

  std::optional<SqlValue> of(const kql::Expression& value);
  /// The same as one of a type, in its plain form.
  std::optional<SqlValue> of(const kql::Expression& value, kql::Type type);
  /// A condition, of which only matters whether it is true.
  std::optional<SqlValue> condition(const kql::Expression& value);

  std::string named(const std::string& text) { return names_(text); }
  const kql::EvaluationContext& evaluation() const { return executor_.evaluation(); }

  /// The value of what hangs on no row.
  std::optional<kql::Value> known(const kql::Expression& value);

  // For the tables of functions and operators.
  static SqlValue made(kql::Type type, bool nullable, std::initializer_list<const SqlValue*> parts,
                       std::string text);
  std::optional<SqlValue> converted(SqlValue value, kql::Type type);
  /// Text for an expression that stands more than once in another: a name, where it is long.
  std::string once(const SqlValue& value) { return value.size > 1 ? named(value.text) : value.text; }

 private:
  /// Of what names stand for.
  std::optional<SqlValue> of_plain(const kql::Expression& value);
  std::optional<SqlValue> call(const kql::Expression& value);
  std::optional<SqlValue> operation(const kql::Expression& value, bool truth_only);
  std::optional<SqlValue> list_operation(const kql::Expression& value);
  std::optional<SqlValue> member(const kql::Expression& value);
  std::optional<std::vector<kql::Value>> listed(const kql::Expression& value, std::size_t from);

  detail::Executor& executor_;
  Columns columns_;
  Names names_;
  Aggregates aggregates_;
  int depth_ = 0;
};

// binary_sql.cpp
/// `left op right`; with `truth_only` a null result may be false.
std::optional<SqlValue> binary(ScalarSql& scalars, kql::TokenKind op, SqlValue left, SqlValue right,
                               bool truth_only);
/// A text operator whose right side is known.
std::optional<SqlValue> text_test(ScalarSql& scalars, kql::TokenKind op, const SqlValue& left,
                                  const std::string& right);

// function_sql.cpp
/// A call of a function that has a shape in SQL.
std::optional<SqlValue> function_call(ScalarSql& scalars, const kql::Expression& call);

// json_sql.cpp: dynamic values.
/// Whether a dynamic is null: a condition.
std::string is_null_json(const std::string& json);
SqlValue text_of_json(ScalarSql& scalars, const SqlValue& json);
SqlValue number_of_json(ScalarSql& scalars, const SqlValue& json, kql::Type type);
SqlValue bool_of_json(ScalarSql& scalars, const SqlValue& json);

}  // namespace redoubt::query::sql
