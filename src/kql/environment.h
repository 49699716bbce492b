#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kql/types.h"

namespace redoubt::kql {

class Schemas;
class SavedFunctions;
class Watchlists;

/// The columns that a plugin gave, where they hang on its rows.
using DiscoveredColumns = std::vector<std::pair<std::string, Type>>;
/// Those of the plugins of a query, by Relation::discovery - 1, as far as they were run.
using Discoveries = std::vector<std::optional<DiscoveredColumns>>;

/// What the parameters of `declare query_parameters` are given, by name: a text each.
/// Source: Kusto Query Language reference, "Query parameters declaration statement".
using ParameterValues = std::map<std::string, std::string, std::less<>>;

/// What there is besides the language, when queries are bound. All of it must outlive what is made with it.
struct Environment {
  /// Tables alone.
  Environment(const Schemas& known) : tables(&known) {}  // NOLINT(google-explicit-constructor)

  const Schemas* tables;
  bool complete = false;  ///< there are no other tables, even where these are none
  /// Tables that are known, and have no rows where the query is to run: empty, with a warning. Null: none.
  const Schemas* without_rows = nullptr;
  const SavedFunctions* functions = nullptr;
  const Watchlists* watchlists = nullptr;  ///< null: nothing is known of any
  const Discoveries* discoveries = nullptr;
  const ParameterValues* parameters = nullptr;  ///< null: none is given

  /// Null: they are not known yet.
  const DiscoveredColumns* discovered(std::size_t number) const {
    const bool known = discoveries != nullptr && number < discoveries->size() && (*discoveries)[number];
    return known ? &*(*discoveries)[number] : nullptr;
  }
};

}  // namespace redoubt::kql
