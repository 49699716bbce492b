#pragma once

#include <string_view>

#include "kql/types.h"

namespace redoubt::kql::detail {

/// An option that `set` gives a value.
struct QueryOption {
  std::string_view name;
  TypeSet types = kNoType;
  std::string_view what;  ///< the types in words
};

/// Null: it is not known, and takes any value. Case counts.
/// Source: Kusto.Language 12.4.1, Options.
const QueryOption* find_query_option(std::string_view name);

}  // namespace redoubt::kql::detail
