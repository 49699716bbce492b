#pragma once

#include "doc/json.h"
#include "query/memory_tables.h"
#include "query/run.h"

namespace redoubt::query {

/// A cell: long and int as exact integers, NaN and the infinities as text, decimal, datetime, timespan and
/// guid as text, dynamic as JSON; null as null, null of string as "". Source: the contract of `kql run
/// --cases`.
void write_cell(doc::JsonWriter& json, const kql::Value& value);
/// The text of such a cell by itself; null is empty, and a dynamic text stands without quotes.
std::string cell_text(const kql::Value& value);
/// A row as a list, and as an object by the names of the columns. With a name, that
/// of the table stands in front as `$table`.
std::string row_json(const ResultTable& table, std::size_t row);
std::string row_object(const ResultTable& table, std::size_t row, std::string_view name = {});
/// `"columns":[[name,type]],"rows":[[...]]`, inside an object.
void write_columns_and_rows(doc::JsonWriter& json, const ResultTable& table);

/// The value of a JSON cell as one of a type; null for what is none.
kql::Value cell_of(const doc::Value& json, kql::Type type);

/// `{"T":{"columns":[["a","long"]],"rows":[[1]]}}`.
/// Errors: KQL0010 for what has another form.
Result<void> add_tables(const doc::Value& tables, MemoryTables& out);

}  // namespace redoubt::query
