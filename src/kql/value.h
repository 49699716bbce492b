#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/result.h"
#include "kql/decimal.h"
#include "kql/token.h"
#include "kql/types.h"

namespace redoubt::kql {

/// The 16 bytes of a guid in the order they are written.
struct Guid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Guid&) const = default;
};

/// A scalar value of KQL.
///
/// Every type but string has a null. A datetime is ticks of 100 ns since 0001-01-01, a timespan ticks. A
/// dynamic value is compact JSON in the order of its input, integers (long) told from reals by the point or
/// exponent of the latter; datetime, timespan, guid and decimal inside it are their texts, so that gettype()
/// of them is string here. A JSON null is the null of dynamic.
/// Source: Kusto Query Language reference, "Scalar data types", "Null values".
class Value {
 public:
  /// The null of no type.
  Value() = default;
  Value(const Value& other) : type_(other.type_), null_(other.null_), held_(copy_of(other.held_)) {}
  Value(Value&&) noexcept = default;
  Value& operator=(const Value& other) { return *this = Value(other); }
  Value& operator=(Value&&) noexcept = default;
  ~Value() = default;

  /// The null of a type; for string the empty text.
  static Value null(Type type);
  static Value of_bool(bool value);
  static Value of_int(std::int32_t value);
  static Value of_long(std::int64_t value);
  static Value of_real(double value);
  static Value of_decimal(const Decimal& value);
  static Value of_string(std::string value);
  /// Null for ticks outside the years 1 to 9999.
  static Value of_datetime(std::int64_t ticks);
  static Value of_timespan(std::int64_t ticks);
  static Value of_guid(const Guid& value);
  /// Of compact JSON, as normalize_json (kql/json_text.h) makes it. `null` and the empty text are null.
  static Value of_dynamic(std::string json);

  Type type() const { return type_; }
  bool is_null() const { return null_; }
  bool is(Type type) const { return type_ == type; }

  // Of a value of that type which is not null; anything else is a bug.
  bool as_bool() const { return number() != 0; }
  std::int64_t as_long() const { return number(); }  ///< of int and long
  std::int64_t ticks() const { return number(); }    ///< of datetime and timespan
  double as_real() const { return std::get<double>(held_); }
  const Decimal& as_decimal() const { return std::get<Decimal>(held_); }
  const Guid& as_guid() const { return std::get<Guid>(held_); }
  /// Of a string.
  const std::string& as_string() const { return std::get<std::string>(held_); }
  /// Of a dynamic: its JSON.
  const std::string& json() const { return std::get<std::string>(held_); }

  /// The same type and value, for tests and keys of groups; null equals null here, NaN NaN.
  bool same_as(const Value& other) const;

 private:
  using Held = std::variant<std::int64_t, double, Decimal, Guid, std::string>;

  /// Where there is no memory for the text, libstdc++'s copy of a variant would destroy what was not made
  /// yet, which is no error that could be told.
  static Held copy_of(const Held& held) {
    if (const std::string* const text = std::get_if<std::string>(&held))
      return Held(std::in_place_type<std::string>, *text);
    return held;
  }

  std::int64_t number() const { return std::get<std::int64_t>(held_); }

  Type type_ = Type::Unknown;
  bool null_ = true;
  Held held_;
};

/// What tostring() gives: empty for null; `true`; digits; the shortest digits that read back as the real,
/// with a point or exponent, or NaN, Infinity, -Infinity; datetime as 2024-01-31T00:00:00.0000000Z;
/// timespan as [-][d.]hh:mm:ss[.fffffff]; guid in lower case; dynamic as JSON, but a text in it without
/// quotes.
/// Source: Kusto Query Language reference, "tostring()", "The timespan data type".
std::string to_text(const Value& value);
/// The JSON that a value is inside a dynamic one: numbers and bools as they are, `null`, the rest as text.
std::string to_json(const Value& value);

// Texts of single types.
std::string real_text(double value);
std::string timespan_text(std::int64_t ticks);
std::string datetime_text(std::int64_t ticks);
std::string guid_text(const Guid& guid);

// What a text means to tolong(), toreal() ...; white space around it does not count. Nothing: no such value.
std::optional<std::int64_t> read_long(std::string_view text);  ///< decimal or 0x
std::optional<double> read_real(std::string_view text);
std::optional<bool> read_bool(std::string_view text);
/// `1.02:03:04.5`, `1.5h`, `2 seconds`; a number alone counts days.
std::optional<std::int64_t> read_timespan(std::string_view text);
/// ISO 8601, RFC 822 and 850, and the rest of what parse_time reads; also 2024, 2024-01 and 2024-1-2.
std::optional<std::int64_t> read_datetime(std::string_view text);
/// 32 digits, in braces or with hyphens at any place, as the engine has it.
std::optional<Guid> read_guid(std::string_view text);

/// The value of a literal token as the tokenizer gives it: `long(5)`, `0xff`, `1.5h`, `datetime(2024-01-01)`,
/// `h'secret'`, `@'C:\'`, ```` ```text``` ```` ...
/// Errors: KQL0401 for a text that is no value of the type; KQL0402 for a token that is no literal.
/// Source: Kusto Query Language reference, pages of the data types.
Result<Value> read_literal(TokenKind kind, std::string_view text);

}  // namespace redoubt::kql
