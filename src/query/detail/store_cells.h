#pragma once

#include "kql/value.h"
#include "store/block.h"

namespace redoubt::query::detail {

/// Adds a value at the end of a column of its type, as the engine holds such: datetime and timespan as ticks,
/// decimal and guid as text, dynamic as JSON, empty for null.
void append_value(store::Column& column, const kql::Value& value);

}  // namespace redoubt::query::detail
