#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "kql/parser.h"

namespace redoubt::kql {

struct FormatOptions {
  std::size_t width = 120;  ///< characters a line; what cannot be broken may be longer
  std::size_t indent = 4;   ///< blanks a level
  ParseLimits limits;
};

/// A query in the one style of docs/formatting-queries.md, with a line break at its end; nothing for nothing.
///
/// Tokens and comments stay what they are and in order, the tree of the result is that of the query, and
/// formatting again changes nothing. Linear in the query's length.
/// Errors: KQL0301 (InvalidInput) for a query with a syntax error, at the place of the first one; KQL0305
/// (InvalidInput) for a management command, wherever it stands; KQL0302 (Unsupported) where the result would
/// be another query, which is a bug.
Result<std::string> format(std::string_view query, const FormatOptions& options = {});

}  // namespace redoubt::kql
