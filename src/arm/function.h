#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "arm/origins.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/value.h"

namespace redoubt::arm {

/// What a function body may use besides its arguments.
struct Call {
  std::string_view name;  ///< the function's own spelling, for messages
  Arena& arena;           ///< results live here
  Origins& origins;
};

using FunctionBody = Result<doc::Value> (*)(Call& call, std::span<const doc::Value> arguments);

/// Which of the two languages has the function: ARM templates, or the rules of Azure Policy definitions.
enum class Language : std::uint8_t { Arm = 1, Policy = 2, Both = 3 };

/// What an open argument means to a function.
enum class OpenArguments : std::uint8_t {
  Opaque,   ///< an argument that is unknown itself makes the result unknown; the body is not called
  Deep,     ///< so does one that holds an unknown anywhere inside (string(), join(), guid())
  Handled,  ///< the body gets the arguments as they are and decides
};

/// One row of a function table.
///
/// Names ignore case when called. Arity is checked before the body is called, an open argument is dealt
/// with as `open` says, and a scalar result is marked secret when an argument is or holds a secret, unless
/// `keeps_secret` is false: predicates and lengths tell no secret, and functions over containers carry over
/// the marks of exactly what they take out. A body marks a container that it makes of a secret itself.
/// Error codes of bodies: ARM0301 wrong argument type, ARM0302 argument out of range or malformed.
struct Function {
  std::string_view name;
  std::uint8_t least;
  std::uint8_t most;  ///< kAnyCount: no upper bound
  Language language;
  doc::UnknownType result;  ///< type of the unknown result
  OpenArguments open;
  bool keeps_secret;
  FunctionBody body;
  std::string_view summary;  ///< one line for the coverage table in docs/
};

inline constexpr std::uint8_t kAnyCount = 255;

// The tables, one file each. Functions that must not evaluate all their arguments (if, and, or, coalesce)
// or that take lambdas or a scope are forms of the evaluator and stand in arm/evaluate.cpp.
std::span<const Function> text_functions();        // functions_text.cpp
std::span<const Function> collection_functions();  // functions_collection.cpp
std::span<const Function> number_functions();  // functions_number.cpp: numbers, comparison, logic, conversion
std::span<const Function> date_functions();    // functions_date.cpp
std::span<const Function> network_functions();  // functions_network.cpp: CIDR, URI
std::span<const Function> hash_functions();     // functions_hash.cpp: guid, uniqueString, base64, data URI

/// By name without regard to case, or null.
const Function* find_function(std::string_view name);

/// .NET text of a known scalar or container, as string() and format() print it: `True`, `3`, JSON of
/// containers.
std::string dotnet_text(const doc::Value& value);

/// How much one run may produce, so that `range`, `format`, `padLeft` and copy bombs end in an error.
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20;
inline constexpr std::int64_t kMaxItems = 1'000'000;

}  // namespace redoubt::arm
