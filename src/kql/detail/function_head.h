#pragma once

#include <optional>

#include "doc/sources.h"
#include "doc/value.h"
#include "kql/query_files.h"

namespace redoubt::kql::detail {

class QueryFile;
class ValuePlaces;

/// Of an object that a query is a member of: the names it is called by and its parameters. Nothing: it has
/// no name that a query could call.
/// Source: Azure-Sentinel, "ASIM parsers" (ParserName, ParserParams, EquivalentBuiltInParser), functions of
/// ASIM and of solutions (FunctionName, FunctionAlias, FunctionParams); Azure Monitor, resource savedSearches
/// (functionAlias, functionParameters).
std::optional<FunctionHead> function_head(const doc::Value& object, const doc::Sources& parsed,
                                          const ValuePlaces& places);

/// Takes the functions of a text of `.create function` commands, and what stands between them as queries of
/// their own; false: it has no such command. Source: Kusto, ".create function command", ".create-or-alter
/// function command", ".alter function command",
/// ".execute database script command".
bool find_function_commands(QueryFile& file, std::size_t begin);

}  // namespace redoubt::kql::detail
