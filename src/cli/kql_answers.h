#pragma once

#include "doc/json.h"
#include "query/run.h"

namespace redoubt::cli {

/// A cell: long and int as exact integers, NaN and the infinities as text, decimal, datetime, timespan and guid
/// as text, dynamic as JSON; null as null, null of string as "".
/// Source: the contract of `kql run --cases`.
void write_cell(doc::JsonWriter& json, const kql::Value& value);
/// `"columns":[[name,type]],"rows":[[...]]`, inside an object.
void write_columns_and_rows(doc::JsonWriter& json, const query::ResultTable& table);

/// The value of a JSON cell as one of a type; null for what is none.
kql::Value cell_of(const doc::Value& json, kql::Type type);

}  // namespace redoubt::cli
