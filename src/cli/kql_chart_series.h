#pragma once

#include "query/run.h"

namespace redoubt::cli {

/// A row for each element of arrays, where all that a column holds are arrays: what make-series gives, as
/// charts need it. The arrays of a row go side by side, other columns repeat; elements have the type that
/// they have in common: long, real, datetime, timespan. A table without such columns stays as it is, as does
/// one that would become longer than a million rows.
query::ResultTable unrolled(const query::ResultTable& table);

}  // namespace redoubt::cli
