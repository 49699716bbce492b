#pragma once

#include <string_view>

namespace redoubt::kql {

/// The column of a stored table in a rewritten plan that says when its rows came: what ingestion_time() asks
/// for. A source that does not know it gives null there.
inline constexpr std::string_view kIngestionColumn = "$IngestionTime()";

}  // namespace redoubt::kql
