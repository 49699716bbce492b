#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "kql/schemas.h"

namespace redoubt::kql {

/// Answers one query of a case; `word` tells whether a line of that word stood in front of it.
using RenderQuery = std::function<std::string(std::string_view query, const Schemas& schemas,
                                              const std::function<bool(std::string_view word)>& said)>;

/// A case is lines `table T(a: long, b: string)`, lines of one word that say what is wanted, and queries with
/// a blank line between them. The answers stand one behind the other, a blank line between them.
std::string render_query_case(std::string_view input, const RenderQuery& render);

}  // namespace redoubt::kql
