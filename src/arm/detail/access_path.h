#pragma once

#include "arm/detail/arguments.h"

namespace redoubt::arm::detail {

// Bodies of the access functions that compiled Bicep uses: `a.?b.c` is tryGet(a, 'b', 'c'), `a[^1].b` is
// indexFromEnd(a, 1, 'b'). Only the first step is safe: when it finds nothing (or null) the result is null
// and the rest is not looked at; a later step that finds nothing is an error. A step is a name, an index, or
// createObject('value', n, 'fromEnd', true()).
// Source: Azure/bicep, baselines of safe dereference and its decompiler's tests; Learn "Safe-dereference
// operator".

Result<doc::Value> try_get(Call& call, Arguments arguments);
Result<doc::Value> index_from_end(Call& call, Arguments arguments);
Result<doc::Value> try_index_from_end(Call& call, Arguments arguments);

}  // namespace redoubt::arm::detail
