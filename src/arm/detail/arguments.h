#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "arm/function.h"

namespace redoubt::arm::detail {

using Arguments = std::span<const doc::Value>;

// Messages of function bodies name the function, the argument's number and its type, never its value, so
// that no secret gets into one.

/// ARM0301: `base64() takes string as argument 1, not int`.
tl::unexpected<Error> wrong_type(const Call& call, std::size_t index, std::string_view expected,
                                 const doc::Value& got);
/// ARM0302: the function's name, then the text.
tl::unexpected<Error> bad_argument(const Call& call, std::string_view text);
/// ARM0302: the result would be larger than kMaxTextBytes or kMaxItems.
tl::unexpected<Error> too_large(const Call& call);

Result<std::string_view> text_at(const Call& call, Arguments arguments, std::size_t index);
Result<std::int64_t> int_at(const Call& call, Arguments arguments, std::size_t index);
Result<std::span<const doc::Member>> object_at(const Call& call, Arguments arguments, std::size_t index);

/// A string result in the call's arena; ARM0302 when it is too large.
Result<doc::Value> text_result(Call& call, std::string_view text);

/// The unknown that this call gives of these arguments, secret when one of them is or holds a secret.
doc::Value open_result(Call& call, doc::UnknownType type, Arguments arguments);

/// `value`, secret when `container`, which it was taken from, is.
doc::Value taken_from(const doc::Value& container, const doc::Value& value);
/// `value`, secret when one of the arguments is or holds a secret.
doc::Value made_of(Arguments arguments, const doc::Value& value);

bool any_open(Arguments arguments);  ///< an argument is unknown itself

/// Whether a value is, or may turn out to be, of that type. Null may not.
bool can_be(const doc::Value& value, doc::UnknownType type);

/// The type of a value as far as it is known; Any for null, reals and unknowns of any type.
doc::UnknownType type_of(const doc::Value& value);

}  // namespace redoubt::arm::detail
