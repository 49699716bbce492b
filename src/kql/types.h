#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace redoubt::kql {

/// The scalar types of KQL. Unknown is the type of an expression that could not be bound, and of a column
/// whose type only the data can tell.
/// Source: Kusto Query Language reference, "Scalar data types".
enum class Type : std::uint8_t {
  Unknown,
  Bool,
  Int,
  Long,
  Real,
  Decimal,
  String,
  DateTime,
  Timespan,
  Guid,
  Dynamic
};
inline constexpr std::size_t kTypes = 11;

/// `bool`, `int`, ...; `unknown` for Unknown. The text lives as long as the program.
std::string_view type_name(Type type);

/// The type of a name, by its aliases too (`boolean`, `double`, `date`, `time`, `uniqueid` ...). As KQL has
/// it, case counts.
std::optional<Type> find_type(std::string_view name);

/// A set of types, such as those a parameter takes.
using TypeSet = std::uint16_t;

constexpr TypeSet set_of(Type type) { return static_cast<TypeSet>(1U << static_cast<unsigned>(type)); }
template <class... Types>
constexpr TypeSet set_of(Type first, Types... rest) {
  return static_cast<TypeSet>(set_of(first) | set_of(rest...));
}
constexpr bool contains(TypeSet set, Type type) { return (set & set_of(type)) != 0; }

/// The set without a type.
constexpr TypeSet without(TypeSet set, Type type) { return static_cast<TypeSet>(set & ~set_of(type)); }

inline constexpr TypeSet kNoType = 0;
inline constexpr TypeSet kIntegers = set_of(Type::Int, Type::Long);
inline constexpr TypeSet kNumbers = set_of(Type::Int, Type::Long, Type::Real, Type::Decimal);
inline constexpr TypeSet kSummables = kNumbers | set_of(Type::Timespan, Type::DateTime);
/// What can be sorted by and compared: neither guid nor dynamic.
inline constexpr TypeSet kOrderables = kSummables | set_of(Type::Bool, Type::String);
inline constexpr TypeSet kAllTypes = static_cast<TypeSet>((1U << kTypes) - 2U);

/// Whether a value becomes one of the other type by itself: a smaller number a wider one, dynamic a string.
/// Source: Kusto.Language 12.4.1, ScalarTypes (the widening types).
constexpr bool promotes(Type from, Type to) {
  switch (to) {
    case Type::Long:
      return from == Type::Int;
    case Type::Real:
      return contains(kIntegers, from);
    case Type::Decimal:
      return contains(set_of(Type::Int, Type::Long, Type::Real), from);
    case Type::String:
      return from == Type::Dynamic;
    default:
      return false;
  }
}

/// Whether a parameter takes an argument of the type. A set of one type takes what promotes to it too, a
/// larger one only its members; Unknown fits everywhere.
bool accepts(TypeSet set, Type type);

}  // namespace redoubt::kql
