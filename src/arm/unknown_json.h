#pragma once

#include "arm/origins.h"
#include "core/arena.h"
#include "core/result.h"
#include "doc/json.h"
#include "doc/value.h"

namespace redoubt::arm {

/// Writes a value in the contract's form: unknowns as {"$unknown":{"type","origin","secret"}}.
void write_value(doc::JsonWriter& json, const doc::Value& value, const Origins& origins);

/// The inverse: a copy in which every such object is the unknown it names. Two uses of one origin are equal.
/// Errors: ARM0110 for an object that is no right $unknown.
Result<doc::Value> read_unknowns(const doc::Value& value, Origins& origins, Arena& arena);

}  // namespace redoubt::arm
