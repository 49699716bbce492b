#pragma once

#include "core/result.h"
#include "kql/analysis.h"
#include "query/limits.h"

namespace redoubt::query::detail {

/// The limits with what `set` statements of the query say of them. Errors: QRY0006 a value that is none of
/// its option. Source: Kusto Query Language reference, "Query limits", "Request properties".
Result<QueryLimits> asked_limits(const kql::Analysis& analysis, QueryLimits limits);

}  // namespace redoubt::query::detail
