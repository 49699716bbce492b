#pragma once

#include "doc/json.h"
#include "query/run.h"

namespace redoubt::query {

/// What an unnamed result is called.
inline constexpr std::string_view kPrimaryResult = "PrimaryResult";

/// An answer as the Kusto REST API (v1) gives it: `{"Tables": [{TableName, Columns: [{ColumnName, DataType,
/// ColumnType}], Rows}]}`: the results, then how to draw them (@ExtendedProperties), the status, and the
/// table of contents that names these. A result that was cut is a warning in the status. Source: Kusto REST
/// API, "Query/management HTTP response".
void write_kusto_v1(doc::JsonWriter& json, const Answer& answer);

}  // namespace redoubt::query
