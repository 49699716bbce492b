#pragma once

#include <span>
#include <string_view>

#include "kql/functions.h"

namespace redoubt::kql::detail {

enum class WorkspaceResult : std::uint8_t {
  Table,
  Watchlist,  ///< a table, by the alias that is its first argument
  Place,
  Cluster,
  Enriched  ///< the rows it is invoked on, with more columns
};

/// A function that a Sentinel or Log Analytics workspace has, and the language does not.
struct WorkspaceFunction {
  std::string_view name;  ///< or its beginning, with a `*`
  WorkspaceResult result = WorkspaceResult::Table;
  std::span<const ResultColumn> columns = {};
};

constexpr bool gives_table(WorkspaceResult result) {
  return result == WorkspaceResult::Table || result == WorkspaceResult::Watchlist;
}

/// Null: none is known by that name.
const WorkspaceFunction* find_workspace_function(std::string_view name);

}  // namespace redoubt::kql::detail
