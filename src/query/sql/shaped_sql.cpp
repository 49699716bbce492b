// Functions that are one expression in SQL.

#include <fmt/format.h>

#include "query/sql/scalar_sql.h"

namespace redoubt::query::sql {

using kql::Expression;
using kql::Type;

namespace {

/// How an argument is wanted: s text, l whole number, r real, t datetime, n timespan, b bool.
/// In the shape $0, $1 ... are the arguments.
struct Shape {
  std::string_view name;
  std::string_view arguments;
  std::string_view text;
  enum class Nulls : std::uint8_t { OfArguments, Never, Always } nulls = Nulls::OfArguments;
};
using Nulls = Shape::Nulls;
constexpr Shape kShapes[] = {
    {"abs", "l", "toInt64(abs($0))"},
    {"abs", "r", "abs($0)"},
    {"acos", "r", "acos($0)"},
    {"asin", "r", "asin($0)"},
    {"atan", "r", "atan($0)"},
    {"base64_encode_tostring", "s", "base64Encode($0)", Nulls::Never},
    {"binary_and", "ll", "bitAnd($0, $1)"},
    {"binary_not", "l", "bitNot($0)"},
    {"binary_or", "ll", "bitOr($0, $1)"},
    {"binary_xor", "ll", "bitXor($0, $1)"},
    {"ceiling", "r", "ceil($0)"},
    {"cos", "r", "cos($0)"},
    {"degrees", "r", "($0 * 180 / pi())"},
    {"exp", "r", "exp($0)"},
    {"exp10", "r", "exp10($0)"},
    {"exp2", "r", "exp2($0)"},
    {"hash_md5", "s", "lower(hex(MD5($0)))", Nulls::Never},
    {"hash_sha1", "s", "lower(hex(SHA1($0)))", Nulls::Never},
    {"hash_sha256", "s", "lower(hex(SHA256($0)))", Nulls::Never},
    {"isfinite", "r", "isFinite($0)"},
    {"isinf", "r", "isInfinite($0)"},
    {"isnan", "r", "isNaN($0)"},
    {"log", "r", "log($0)"},
    {"log10", "r", "log10($0)"},
    {"log2", "r", "log2($0)"},
    {"not", "b", "NOT $0"},
    {"pi", "", "pi()", Nulls::Never},
    {"radians", "r", "($0 * pi() / 180)"},
    {"replace_string", "sss", "if($1 = '', $0, replaceAll($0, $1, $2))", Nulls::Never},
    {"reverse", "s", "reverseUTF8($0)", Nulls::Never},
    {"sin", "r", "sin($0)"},
    {"sqrt", "r", "sqrt($0)"},
    {"strcmp", "ss", "toInt64(multiIf($0 < $1, -1, $0 > $1, 1, 0))", Nulls::Never},
    {"string_size", "s", "toInt64(length($0))", Nulls::Never},
    {"strlen", "s", "toInt64(lengthUTF8($0))", Nulls::Never},
    {"tan", "r", "tan($0)"},
    // Of ticks.
    {"startofday", "t", "($0 - positiveModulo($0, 864000000000))"},
    {"startofweek", "t", "if($0 < 5184000000000, 0, $0 - positiveModulo($0 + 864000000000, 6048000000000))"},
    {"endofday", "t", "($0 - positiveModulo($0, 864000000000) + 863999999999)"},
    {"endofweek", "t",
     "multiIf($0 < 5184000000000, 6047999999999, $0 >= 3155373792000000000, 3155378975999999999, "
     "$0 - positiveModulo($0 + 864000000000, 6048000000000) + 6047999999999)"},
    {"hourofday", "t", "toInt32(intDiv(positiveModulo($0, 864000000000), 36000000000))"},
    {"dayofweek", "t",
     "(positiveModulo($0 + 864000000000, 6048000000000) - positiveModulo($0, 864000000000))"},
    {"unixtime_seconds_todatetime", "l",
     "if($0 >= -62135596800 AND $0 <= 253402300799, 621355968000000000 + $0 * 10000000, NULL)",
     Nulls::Always},
    {"unixtime_milliseconds_todatetime", "l",
     "if($0 >= -62135596800000 AND $0 <= 253402300799999, 621355968000000000 + $0 * 10000, NULL)",
     Nulls::Always},
    {"unixtime_microseconds_todatetime", "l",
     "if($0 >= -62135596800000000 AND $0 <= 253402300799999999, 621355968000000000 + $0 * 10, NULL)",
     Nulls::Always},
    {"unixtime_nanoseconds_todatetime", "l", "(621355968000000000 + intDiv($0, 100))"},
};

Type wanted_type(char letter) {
  switch (letter) {
    case 's':
      return Type::String;
    case 'l':
      return Type::Long;
    case 'r':
      return Type::Real;
    case 't':
      return Type::DateTime;
    case 'n':
      return Type::Timespan;
    default:
      return Type::Bool;
  }
}

/// Numbers are taken as they are or as reals; nothing else is converted but to a text.
bool takes(char letter, Type type) {
  const bool whole = type == Type::Int || type == Type::Long;
  switch (letter) {
    case 's':
      return true;
    case 'l':
      return whole;
    case 'r':
      return whole || type == Type::Real;
    default:
      return wanted_type(letter) == type;
  }
}

std::string filled(std::string_view shape, const std::vector<SqlValue>& arguments) {
  std::string out;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '$' && i + 1 < shape.size() && shape[i + 1] >= '0' && shape[i + 1] <= '9')
      out += arguments[static_cast<std::size_t>(shape[++i] - '0')].text;
    else
      out += shape[i];
  }
  return out;
}

std::optional<SqlValue> shaped(ScalarSql& scalars, const Expression& call, const Shape& shape) {
  std::vector<SqlValue> arguments;
  bool nullable = false;
  std::uint32_t size = 1;
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    if (!takes(shape.arguments[i], call.operands[i]->type)) return std::nullopt;
    std::optional<SqlValue> one = scalars.of(*call.operands[i], wanted_type(shape.arguments[i]));
    if (!one) return std::nullopt;
    nullable = nullable || one->nullable;
    size += one->size;
    const std::string mark = fmt::format("${}", i);
    if (shape.text.find(mark) != shape.text.rfind(mark)) one->text = scalars.once(*one);
    arguments.push_back(std::move(*one));
  }
  SqlValue out{.text = filled(shape.text, arguments), .type = call.type, .nullable = nullable};
  if (shape.nulls == Nulls::Never) out.nullable = false;
  if (shape.nulls == Nulls::Always) out.nullable = true;
  out.size = size * (shape.text.find("$0") != shape.text.rfind("$0") ? 2 : 1);
  return out;
}

}  // namespace

std::optional<SqlValue> shaped_call(ScalarSql& scalars, std::string_view name, const Expression& call) {
  for (const Shape& shape : kShapes)
    if (shape.name == name && shape.arguments.size() == call.operands.size())
      if (std::optional<SqlValue> out = shaped(scalars, call, shape)) return out;
  return std::nullopt;
}

}  // namespace redoubt::query::sql
