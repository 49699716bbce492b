#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kql/functions.h"

namespace redoubt::kql {

// Signatures as people read them: `substring(source: scalar, startingIndex: integer, [length: integer])`.

/// What a parameter takes: `number`, `string or array`, `'normal' or 'regex'`, `column`.
std::string argument_text(const Parameter& parameter);

/// `name: type`; in brackets when it may be left out, with `, ...` when it repeats.
std::string parameter_text(const Parameter& parameter);

/// The call without its result.
std::string call_text(const Function& function, const Signature& signature);

/// The call by names of parameters alone, within `width` if that can be: `countof(source, search, [kind])`.
std::string short_call_text(const Function& function, const Signature& signature, std::size_t width = 64);

/// What the call gives: `long`, `type of arg`, `(Row: long, Column: string)`.
std::string result_text(const Function& function, const Signature& signature);

/// Both: `strlen(source: scalar) -> long`.
std::string signature_text(const Function& function, const Signature& signature);

}  // namespace redoubt::kql
