#pragma once

#include <string_view>

#include "core/result.h"
#include "kql/rewrite.h"

namespace redoubt::query {

/// A span of time as the Log Analytics API takes it: an ISO 8601 duration that ends now (`P1D`, `PT12H`), or
/// `START/END`, `START/DURATION`, `DURATION/END`; a duration may also be a KQL timespan (`1d`, `12h`) or
/// weeks (`2w`), a day (`2026-11-27`) is that of UTC from its first to its last tick.
/// Errors: QRY0008 (Usage). Source: Log Analytics API, "Query timespan"; ISO 8601, time intervals.
Result<kql::TimeSpan> parse_timespan(std::string_view text, Instant now);

}  // namespace redoubt::query
