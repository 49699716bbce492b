#include <fmt/format.h>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Type;
using kql::Value;

namespace {

bool is_whole(Type type) { return type == Type::Int || type == Type::Long; }

/// A dynamic against something else: for each kind of value that it may hold the comparison with the other
/// side, which may be read as that kind. Where there is none, the kind differs from it.
class JsonComparison {
 public:
  JsonComparison(ScalarSql& scalars, std::string_view sign, const SqlValue& json, const SqlValue& other)
      : scalars_(scalars), sign_(sign), json_(plain(json)), other_(plain(other)), name_(scalars.once(json_)) {
    other_.text = scalars.once(other_);
    other_.size = 1;
  }

  std::optional<SqlValue> made() {
    if (other_.constant && other_.constant->is_null()) return with_null();
    const std::optional<std::string> tests = other_.type == Type::String ? with_text() : with_scalar();
    if (!tests) return std::nullopt;
    // The size counts what is named once.
    const bool order = sign_ != "=" && sign_ != "!=";
    const std::string null = is_null_json(name_);
    SqlValue out = ScalarSql::made(Type::Bool, order || other_.nullable,
                                   {&json_, &json_, &json_, &json_, &json_, &json_, &other_}, "");
    if (order) {
      out.text = fmt::format("if({}, NULL, {})", null, *tests);
      if (other_.nullable) out.text = fmt::format("if(isNull({}), NULL, {})", other_.text, out.text);
      return out;
    }
    out.text = fmt::format("if({}, {}, {})", null, differs(), *tests);
    if (other_.nullable)
      out.text =
          fmt::format("if(isNull({0}), if({1}, NULL, {2}), {3})", other_.text, null, differs(), out.text);
    return out;
  }

 private:
  /// Nothing comes before or behind null, and only null may be equal to it.
  SqlValue with_null() {
    const bool order = sign_ != "=" && sign_ != "!=";
    const std::string text = order ? std::string("CAST(NULL AS Nullable(UInt8))")
                                   : fmt::format("if({}, NULL, {})", is_null_json(name_), differs());
    return ScalarSql::made(Type::Bool, true, {&json_}, text);
  }

  std::string_view differs() const { return sign_ == "!=" ? "1" : "0"; }

  /// `left sign other`, where either side may be missing.
  std::string test(const std::string& left, const std::string& right) const {
    return fmt::format("ifNull({} {} {}, {})", left, sign_, right, differs());
  }

  /// The other side as one of a type; empty: it is none.
  std::optional<std::string> other_as(Type type) {
    if (other_.constant) {
      const Value value = kql::convert(*other_.constant, type);
      return value.is_null() ? std::string() : constant(value)->text;
    }
    const std::optional<SqlValue> value = scalars_.converted(other_, type);
    return value ? std::optional(value->text) : std::nullopt;
  }

  std::string text() const { return fmt::format("JSONExtractString({})", name_); }
  std::string real() const { return fmt::format("toFloat64OrNull({})", name_); }
  std::string whole() const { return fmt::format("toInt64OrNull({})", name_); }

  /// A text is read as what the dynamic holds.
  std::optional<std::string> with_text() {
    const std::optional<std::string> as_long = other_as(Type::Long);
    const std::optional<std::string> as_real = other_as(Type::Real);
    const std::optional<std::string> as_bool = other_as(Type::Bool);
    if (!as_long || !as_real || !as_bool) return std::nullopt;
    std::string out = fmt::format("startsWith({}, '\"'), {} {} {}", name_, text(), sign_, other_.text);
    if (!as_bool->empty())
      out += fmt::format(", {0} IN ('true', 'false'), {1}", name_,
                         test(fmt::format("({} = 'true')", name_), *as_bool));
    if (!as_long->empty())
      out += fmt::format(", match({}, '^-?[0-9]+$'), {}", name_, test(whole(), *as_long));
    if (!as_real->empty())
      out += fmt::format(", match({}, '^-?[0-9]+[.E]'), {}", name_, test(real(), *as_real));
    return fmt::format("multiIf({}, {})", out, differs());
  }

  /// A text in the dynamic is read as what the other side is; a bool counts as 0 or 1.
  std::optional<std::string> with_scalar() {
    const Type type = is_whole(other_.type) ? Type::Long : other_.type;
    if (type != Type::Long && type != Type::Real && type != Type::Bool) return std::nullopt;
    const SqlValue inner{.text = scalars_.named(text()), .type = Type::String};
    const std::optional<SqlValue> read = value_of_text(scalars_, inner, type);
    const std::optional<std::string> as_real = other_as(Type::Real);
    const std::optional<std::string> as_long = other_as(Type::Long);
    if (!read || !as_long || (!as_real && type != Type::Bool)) return std::nullopt;
    const std::string other = type == Type::Long ? *as_long : other_.text;
    // Where the other side is a bool, numbers are cut to whole ones.
    const std::string cut =
        fmt::format("ifNull({}, accurateCastOrNull(trunc({}), 'Int64'))", whole(), real());
    std::string number = test(real(), *as_real);
    if (type == Type::Bool) number = test(cut, as_long->empty() ? "NULL" : *as_long);
    if (type == Type::Long)
      number =
          fmt::format("if(isNotNull({0}), {1}, {2})", whole(), test(whole(), other), test(real(), *as_real));
    const std::string flag = fmt::format("toInt64({} = 'true')", name_);
    return fmt::format("multiIf(startsWith({0}, '\"'), {1}, {0} IN ('true', 'false'), {2}, {3})", name_,
                       test(read->text, other), test(flag, as_long->empty() ? "NULL" : *as_long), number);
  }

  ScalarSql& scalars_;
  std::string_view sign_;
  SqlValue json_;
  SqlValue other_;
  std::string name_;
};

}  // namespace

std::optional<SqlValue> compare_json(ScalarSql& scalars, std::string_view sign, const SqlValue& json,
                                     const SqlValue& other) {
  return JsonComparison(scalars, sign, json, other).made();
}

}  // namespace redoubt::query::sql
