#pragma once

#include <optional>
#include <string>

#include "query/run.h"
#include "report/table.h"

namespace redoubt::cli {

/// What `render` asks for, drawn in a terminal: bars for barchart, columnchart and piechart, lines for
/// timechart, linechart, areachart and anomalychart, points for scatterchart, the first row for card; series
/// in arrays are drawn, too. Nothing: there is no render, it is a chart that is not drawn here, or the rows
/// have nothing to draw; then the rows are shown. Source: Kusto Query Language reference, "render operator",
/// "Visualizations".
std::optional<std::string> drawn(const query::ResultTable& given, const report::TableStyle& style);

/// Of a table with a `render` for which drawn() gives nothing: why, in a line.
std::string why_not_drawn(const query::ResultTable& table);

}  // namespace redoubt::cli
