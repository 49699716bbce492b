#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

  /// What a window function is; without it there are none.
  void set_windows(Aggregates windows) { windows_ = std::move(windows); }

  /// Whether a short statement matters more than a fast one.
  void set_short(bool is_short) { short_ = is_short; }
  bool is_short() const { return short_; }

  /// Larger expressions are worked out in memory; as SqlValue::size.
  static constexpr std::uint32_t kMaxSize = 5'000;

  std::optional<SqlValue> of(const kql::Expression& value);
  /// The same as one of a type, in its plain form.
  std::optional<SqlValue> of(const kql::Expression& value, kql::Type type);
  /// A condition, of which only matters whether it is true.
  std::optional<SqlValue> condition(const kql::Expression& value);

  std::string named(const std::string& text) { return names_(text); }
  /// The same, to be used inside a lambda: its variables have no names outside.
  ScalarSql without_names() const {
    ScalarSql out = *this;
    out.names_ = [](const std::string& text) { return text; };
    return out;
  }
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
  std::optional<SqlValue> of_kind(const kql::Expression& value);
  std::optional<SqlValue> logical(const kql::Expression& chain, bool truth_only);
  std::optional<SqlValue> sought_in_many(std::span<const kql::Expression* const> tests);
  /// Whether it is nested too deep, or was found to have no SQL: a part may stand in many places.
  bool is_hopeless(const kql::Expression& value, bool truth_only) const;
  std::optional<SqlValue> noted(const kql::Expression& value, bool truth_only, std::optional<SqlValue> out);
  std::optional<SqlValue> call(const kql::Expression& value);
  std::optional<SqlValue> operation(const kql::Expression& value, bool truth_only);
  std::optional<SqlValue> list_operation(const kql::Expression& value);
  std::optional<SqlValue> member(const kql::Expression& value);
  std::optional<std::vector<kql::Value>> listed(const kql::Expression& value, std::size_t from);

  detail::Executor& executor_;
  Columns columns_;
  Names names_;
  Aggregates aggregates_;
  Aggregates windows_;
  bool short_ = false;
  int depth_ = 0;
  std::set<std::pair<const kql::Expression*, bool>> unsayable_;  ///< and whether only their truth was asked
};

// binary_sql.cpp
/// `left op right`; with `truth_only` a null result may be false.
std::optional<SqlValue> binary(ScalarSql& scalars, kql::TokenKind op, SqlValue left, SqlValue right,
                               bool truth_only);

// text_sql.cpp
/// Operators on texts: `has`, `startswith`, `=~`, `matches regex` ...
bool is_text_operator(kql::TokenKind op);
std::optional<SqlValue> text_binary(ScalarSql& scalars, kql::TokenKind op, SqlValue left, SqlValue right);
/// A text operator whose right side is known.
std::optional<SqlValue> text_test(ScalarSql& scalars, kql::TokenKind op, const SqlValue& left,
                                  const std::string& right);
/// The same of the texts of any of many values, where that is less work than one by one; nothing: it is not.
std::optional<SqlValue> any_text_test(ScalarSql& scalars, kql::TokenKind op,
                                      const std::vector<SqlValue>& values, const std::string& right);
/// Whether a text has one of the terms, or all.
std::optional<SqlValue> has_list(ScalarSql& scalars, const SqlValue& left,
                                 const std::vector<std::string>& parts, bool all);

/// A pattern as the engine takes it: there a point means line breaks, too, where nothing says otherwise.
std::string pattern_text(std::string_view pattern);

// arithmetic_sql.cpp
std::optional<SqlValue> arithmetic(ScalarSql& scalars, kql::TokenKind op, const SqlValue& left,
                                   const SqlValue& right);
/// What is left of a whole number when it is divided, never negative; `sign` of the divisor, 0: not known.
/// Both are texts that may stand several times.
std::string floor_rest(ScalarSql& scalars, const std::string& value, const std::string& divisor, int sign);

// function_sql.cpp
/// A call of a function that has a shape in SQL.
std::optional<SqlValue> function_call(ScalarSql& scalars, const kql::Expression& call);

// shaped_sql.cpp
std::optional<SqlValue> shaped_call(ScalarSql& scalars, std::string_view name, const kql::Expression& call);

// case_sql.cpp
/// A text in upper or lower case, character by character.
std::string in_case(ScalarSql& scalars, const std::string& text, bool upper);
/// A pattern for a text where case does not count.
std::string any_case_pattern(std::string_view part);

// read_sql.cpp
/// What a text means to tolong() and its like; to dynamic it is a text.
std::optional<SqlValue> value_of_text(ScalarSql& scalars, const SqlValue& value, kql::Type type);
/// Year, month and day of ticks, in names that are worked out once.
struct Civil {
  std::string year;
  std::string month;
  std::string day;
};
Civil civil(ScalarSql& scalars, const std::string& ticks);

// network_sql.cpp
std::optional<SqlValue> network_call(ScalarSql& scalars, std::string_view name, const kql::Expression& call);

// time_text_sql.cpp
std::optional<SqlValue> time_text_call(ScalarSql& scalars, std::string_view name,
                                       const kql::Expression& call);
/// A datetime as tostring() gives it.
SqlValue text_of_time(ScalarSql& scalars, const SqlValue& time);
/// A timespan.
SqlValue text_of_span(ScalarSql& scalars, const SqlValue& span);

// json_sql.cpp: dynamic values.
/// Whether a dynamic is null: a condition.
std::string is_null_json(const std::string& json);
SqlValue text_of_json(ScalarSql& scalars, const SqlValue& json);
/// What mv-expand makes of JSON in its short form, which may stand several times; of JSON as it is written in
/// a text.
std::string elements_of_json(ScalarSql& scalars, const std::string& json);
std::string elements_of_text(ScalarSql& scalars, const std::string& text);
/// A bool, int, long or real out of a dynamic, as the evaluator's convert() has it.
std::optional<SqlValue> scalar_of_json(ScalarSql& scalars, const SqlValue& json, kql::Type type);
/// Of a text the dynamic that parse_json() makes.
SqlValue json_of_text(ScalarSql& scalars, const SqlValue& text);
/// A step into a dynamic: a name, or an index, from the end where it is negative.
struct PathStep {
  std::optional<std::string> name;
  std::int64_t index = 0;
};
SqlValue part_of_json(ScalarSql& scalars, const SqlValue& json, const std::vector<PathStep>& path);
/// The text of a real, as tostring() writes it.
std::string text_of_real(ScalarSql& scalars, const SqlValue& real);

// json_compare_sql.cpp
/// `json sign other`, where `sign` is one of SQL's comparisons.
std::optional<SqlValue> compare_json(ScalarSql& scalars, std::string_view sign, const SqlValue& json,
                                     const SqlValue& other);

}  // namespace redoubt::query::sql
