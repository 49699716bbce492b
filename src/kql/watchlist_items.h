#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "kql/watchlists.h"

namespace redoubt::kql {

/// Of a call of _GetWatchlist() in a plan the option that has its alias, where the watchlist is known.
inline constexpr std::string_view kWatchlistOption = "watchlist";

/// Where the items of a watchlist are, and how they are to be read.
struct WatchlistItems {
  std::optional<std::string> content;  ///< of a resource, from its header on; nothing: the file is the list
  char separator = ',';
  std::string search_key;  ///< the column that SearchKey is; empty: nothing says it
};

/// Looks in the file that the watchlist was found in.
/// Errors: those of the file; KQL0508 (NotFound) it has no such watchlist any more, or not its content.
Result<WatchlistItems> find_watchlist_items(const Watchlist& list);

}  // namespace redoubt::kql
