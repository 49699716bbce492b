#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kql/value.h"
#include "store/sql_text.h"

namespace redoubt::query::sql {

/// How a value of a KQL type is held in SQL.
///
/// bool is UInt8, int Int32, long Int64, real Float64; datetime (since the year 1) and timespan are ticks in
/// Int64; guid is its text; string and dynamic are never NULL: dynamic is JSON text, empty or `null` for its
/// null. decimal is its text, which SQL passes on and looks no further into. All others are Nullable where
/// they may be null.
enum class Form : std::uint8_t {
  Plain,  ///< as above
  Time,   ///< a datetime as DateTime64(7, 'UTC'), from 1900 to 2299: compared with constants without a change
  Texts   ///< a dynamic array of texts as Array(String)
};

/// Where in JSON a part is, as arguments of the engine's functions: `, 'a', 1, 'b'`.
struct JsonSteps {
  std::string text = {};
  /// In JSON whose reals are hidden behind texts that begin with a mark: keys that begin with it have it
  /// twice.
  std::string where_hidden = {};
};

/// Other ways to say a dynamic value, which are less work where they will do. Empty: there is none.
struct DynamicWays {
  /// What tostring() makes of it.
  std::string as_text = {};
  /// Of one that was read from a text: that JSON as it is written there, which is enough to take parts out of
  /// it; and a name of the text.
  std::string written = {};
  std::string source = {};
  /// Of a part: the engine's text of it. That of a text or bool is tostring()'s, that of a number not always,
  /// and an array or bag begins with its bracket.
  std::string quick = {};
  std::string exact = {};     ///< the JSON of the part, of a whole called rd_o
  std::string exact_of = {};  ///< which is this
  JsonSteps steps = {};       ///< where in it
  bool of_text = false;       ///< it is a text, which may be no JSON
};

/// An expression in SQL.
struct SqlValue {
  std::string text;
  kql::Type type = kql::Type::Unknown;
  Form form = Form::Plain;
  bool nullable = false;               ///< never of string and dynamic
  bool words = false;                  ///< a column with an index of its words
  std::uint32_t size = 1;              ///< nodes, with aliases written out
  std::optional<kql::Value> constant;  ///< where it is known
  DynamicWays ways = {};

  /// A name or the like, which may stand in several places.
  bool is_simple() const { return size <= 1; }
};

using store::sql_name;
using store::sql_text;
/// A constant of its type; nothing for decimal.
std::optional<SqlValue> constant(const kql::Value& value);
/// The type of the column that holds such values, Nullable(...) where they may be null; empty for decimal.
std::string_view column_type(kql::Type type, bool nullable);

/// What is worked out of a value only where a condition holds, and else empty or NULL: what is behind a
/// lambda the engine works out for all rows, be it in a branch or not; but in an array without elements there
/// is nothing to do. `value` and `condition` are worked out anew: they should be names.
std::string only_where(std::string_view condition, std::string_view value, std::string_view lambda);

/// The JSON, named so, with escapes as Kusto writes them: those of the engine's functions are others.
std::string with_short_escapes(std::string_view json);
/// The JSON of a text, or of an array of texts.
std::string json_of(std::string_view texts);

/// The ticks of a datetime (Form::Time becomes ticks), the JSON of a dynamic.
SqlValue plain(SqlValue value);
/// The same as what tells rows apart: to an engine 0.0 and -0.0 are two values.
SqlValue as_key(SqlValue value);

}  // namespace redoubt::query::sql
