#include "query/sql/sql_value.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdlib>

namespace redoubt::query::sql {

using kql::Type;

namespace {

/// Ticks from the year 1 to 1970.
constexpr std::int64_t kUnixTicks = 621'355'968'000'000'000;

std::string whole(std::string_view function, std::int64_t value) {
  // A negative literal of the smallest number would overflow while it is read.
  return value < 0 ? fmt::format("{}('{}')", function, value) : fmt::format("{}({})", function, value);
}

/// The engine reads short decimals exactly, longer ones nearly.
std::string real(double value) {
  if (std::isnan(value)) return "toFloat64(nan)";
  if (std::isinf(value)) return value < 0 ? "toFloat64(-inf)" : "toFloat64(inf)";
  const std::string text = fmt::format("{:.15g}", value);
  const bool is_short = value == 0 || (std::fabs(value) > 1e-4 && std::fabs(value) < 1e15);
  if (is_short && std::strtod(text.c_str(), nullptr) == value) return fmt::format("toFloat64('{}')", text);
  return fmt::format("reinterpretAsFloat64(toUInt64({}))", std::bit_cast<std::uint64_t>(value));
}

struct ColumnType {
  Type type;
  std::string_view plain;
  std::string_view nullable;
};
constexpr ColumnType kColumnTypes[] = {
    {Type::Bool, "UInt8", "Nullable(UInt8)"},     {Type::Int, "Int32", "Nullable(Int32)"},
    {Type::Long, "Int64", "Nullable(Int64)"},     {Type::Real, "Float64", "Nullable(Float64)"},
    {Type::String, "String", "String"},           {Type::DateTime, "Int64", "Nullable(Int64)"},
    {Type::Timespan, "Int64", "Nullable(Int64)"}, {Type::Guid, "String", "Nullable(String)"},
    {Type::Dynamic, "String", "String"},          {Type::Decimal, "String", "Nullable(String)"},
};

}  // namespace

std::string_view column_type(Type type, bool nullable) {
  for (const ColumnType& row : kColumnTypes)
    if (row.type == type) return nullable ? row.nullable : row.plain;
  return {};
}

std::optional<SqlValue> constant(const kql::Value& value) {
  SqlValue out{.type = value.type(), .constant = value};
  const std::string_view type = column_type(value.type(), true);
  if (type.empty()) return std::nullopt;
  if (value.is_null()) {
    out.nullable = !value.is(Type::Dynamic);
    out.text = out.nullable ? fmt::format("CAST(NULL AS {})", type) : "''";
    return out;
  }
  switch (value.type()) {
    case Type::Decimal:
      return std::nullopt;
    case Type::Bool:
      out.text = value.as_bool() ? "toUInt8(1)" : "toUInt8(0)";
      return out;
    case Type::Int:
      out.text = whole("toInt32", value.as_long());
      return out;
    case Type::Real:
      out.text = real(value.as_real());
      return out;
    case Type::String:
      out.text = sql_text(value.as_string());
      return out;
    case Type::Dynamic:
      out.text = sql_text(value.json());
      return out;
    case Type::Guid:
      out.text = sql_text(kql::to_text(value));
      return out;
    default:
      out.text = whole("toInt64", value.as_long());
      return out;
  }
}

std::string only_where(std::string_view condition, std::string_view value, std::string_view lambda) {
  // A number for each row that has something to do: the value is copied for these alone.
  return fmt::format("arrayMap({}, arrayMap(rd_n -> {}, range(toUInt8({}))))[1]", lambda, value, condition);
}

std::string with_short_escapes(std::string_view json) {
  return fmt::format(
      "arrayStringConcat(arrayMap(rd_t -> multiIf(rd_t = '\\\\u2028', unhex('E280A8'), rd_t = '\\\\u2029', "
      "unhex('E280A9'), startsWith(rd_t, '\\\\u'), lower(rd_t), rd_t), extractAll({}, {})))",
      json, sql_text(R"(\\u[0-9A-Fa-f]{4}|\\.|[^\\]+)"));
}

/// Nodes of it.
constexpr std::uint32_t kJsonSize = 40;

std::string json_of(std::string_view texts) {
  static constexpr std::string_view kDiffers = "position(rd_p, '\\\\u') > 0";
  return fmt::format("arrayMap(rd_p -> if({0}, {1}, rd_p), [toJSONString({2})])[1]", kDiffers,
                     only_where(kDiffers, "rd_p", "rd_q -> " + with_short_escapes("rd_q")), texts);
}

SqlValue plain(SqlValue value) {
  if (value.form == Form::Time)
    value.text = fmt::format("(reinterpretAsInt64({}) + {})", value.text, kUnixTicks);
  if (value.form == Form::Texts) value.text = json_of(value.text);
  if (value.form == Form::Texts) value.size += kJsonSize;
  if (value.form == Form::Time) value.size += 2;
  value.form = Form::Plain;
  return value;
}

SqlValue as_key(SqlValue value) {
  if (value.type != Type::Real || value.constant) return value;
  value.text = fmt::format("({} + 0)", value.text);
  value.size += 1;
  return value;
}

}  // namespace redoubt::query::sql
