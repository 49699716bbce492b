#include <fmt/format.h>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Type;

std::string is_null_json(const std::string& json) { return fmt::format("({} IN ('', 'null'))", json); }

/// A text without its quotes, anything else as its JSON.
SqlValue text_of_json(ScalarSql& scalars, const SqlValue& json) {
  if (json.form == Form::Text) return ScalarSql::made(Type::String, false, {&json}, json.text);
  const SqlValue value = plain(json);
  return ScalarSql::made(
      Type::String, false, {&value},
      fmt::format("multiIf(startsWith({0}, '\"'), JSONExtractString({0}), {0} = 'null', '', {0})",
                  scalars.once(value)));
}

SqlValue number_of_json(ScalarSql& scalars, const SqlValue& json, Type type) {
  const SqlValue text = text_of_json(scalars, json);
  const std::string real = fmt::format("toFloat64OrNull({})", scalars.once(text));
  if (type == Type::Real) return ScalarSql::made(type, true, {&text}, real);
  const std::string whole = fmt::format("ifNull(toInt64OrNull({}), accurateCastOrNull(trunc({}), 'Int64'))",
                                        scalars.once(text), real);
  if (type == Type::Long) return ScalarSql::made(type, true, {&text, &text}, whole);
  return ScalarSql::made(type, true, {&text, &text}, fmt::format("accurateCastOrNull({}, 'Int32')", whole));
}

SqlValue bool_of_json(ScalarSql& scalars, const SqlValue& json) {
  const SqlValue text = text_of_json(scalars, json);
  return ScalarSql::made(
      Type::Bool, true, {&text},
      fmt::format("multiIf(lower({0}) = 'true', 1, lower({0}) = 'false', 0, toFloat64OrNull({0}) != 0)",
                  scalars.once(text)));
}

}  // namespace redoubt::query::sql
