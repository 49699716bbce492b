#pragma once

#include "arm/detail/arguments.h"

namespace redoubt::arm::detail {

// What a text begins with, ends with or looks like, case ignored. Source: Microsoft Learn "String functions
// for ARM templates"; semantics.md 4.3 "Case".

Result<doc::Value> starts_with(Call& call, Arguments arguments);
Result<doc::Value> ends_with(Call& call, Arguments arguments);
/// In the pattern `*` stands for any text.
Result<doc::Value> like(Call& call, Arguments arguments);

}  // namespace redoubt::arm::detail
