#pragma once

#include "core/result.h"
#include "kql/watchlists.h"
#include "query/table.h"

namespace redoubt::query::detail {

/// What _GetWatchlist() gives of a list: its columns, and those that each list has. SearchKey is the search
/// key of the resource, else the column of that name, else the first one; _DTItemId hangs on the alias and
/// the item alone; LastUpdatedTimeUTC is when the file was written; WatchlistItem is the item as a bag.
///
/// A column of the file that has one of these names is taken in their place, so that rows that were exported
/// from a workspace keep what they were.
/// Errors: those of the file; QRY0020 (InvalidInput) a record that can't be read.
/// Source: Microsoft Learn, "Build queries or detection rules with watchlists in Microsoft Sentinel".
Result<Table> watchlist_rows(const kql::Watchlist& list, const kql::Relation& relation);

}  // namespace redoubt::query::detail
