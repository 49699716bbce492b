#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "doc/sources.h"
#include "kql/environment.h"
#include "kql/saved_functions.h"
#include "kql/schemas.h"
#include "kql/watchlists.h"

namespace redoubt::kql {

/// What a case knows when a query comes.
struct CaseContent {
  Schemas tables;
  SavedFunctions functions;
  Watchlists watchlists;
  bool has_watchlists = false;
  doc::Sources sources;  ///< of functions

  Environment view() const;
};

/// Answers one query of a case; `word` tells whether a line of that word stood in front of it.
using RenderQuery = std::function<std::string(std::string_view query, const CaseContent& content,
                                              const std::function<bool(std::string_view word)>& said)>;

/// A case is lines `table T(a: long, b: string)`, `function f(x: long) { ... }` (a file f.csl that creates
/// it), `watchlist alias(column, column)`, lines of one word that say what is wanted, and queries with a
/// blank line between them. The answers stand one behind the other, a blank line between them.
std::string render_query_case(std::string_view input, const RenderQuery& render);

}  // namespace redoubt::kql
