#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "kql/query_files.h"

namespace redoubt::kql {

/// A list of a Sentinel workspace, as its owner has it in a file.
struct Watchlist {
  std::string alias;
  std::vector<std::string> columns;  ///< all of them texts
  bool open = false;                 ///< the file does not tell the columns
  Where where;
};

/// Looks for watchlists in a file, or in the files below a folder, in the order of their paths: .csv and .tsv
/// files, of which the name is the alias and the first line has the columns, and resources of type
/// watchlists in JSON.
///
/// Diagnostics: those of find_queries for files and folders that can't be read; KQL0505 an alias or a content
/// that is an expression of the template, KQL0506 a search key that is no column, both warnings.
/// Source: Microsoft Learn, "Create watchlists in Microsoft Sentinel"; Azure, resource
/// Microsoft.SecurityInsights/watchlists (watchlistAlias, rawContent, contentType, numberOfLinesToSkip,
/// itemsSearchKey).
Reading<std::vector<Watchlist>> find_watchlists(const std::string& path, const QueryFileLimits& limits = {});

/// The same of a text; `name` says how it is read.
Reading<std::vector<Watchlist>> find_watchlists_in_text(std::string name, std::string text,
                                                        const QueryFileLimits& limits = {});

/// What _GetWatchlist() finds.
class Watchlists {
 public:
  /// They come in place of others of the same alias that were added before. Of two in one call that differ
  /// the first holds; KQL0503 tells of the other, as a warning.
  std::vector<Diagnostic> add(std::vector<Watchlist> found);

  /// Null: there is none. Case does not count.
  const Watchlist* find(std::string_view alias) const;
  /// By alias in lower case.
  const std::map<std::string, Watchlist, std::less<>>& by_alias() const { return by_alias_; }

 private:
  std::map<std::string, Watchlist, std::less<>> by_alias_;
};

}  // namespace redoubt::kql
