#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "report/table.h"
#include "state/runs.h"

namespace redoubt::posture {

/// What recorded runs of one series tell.
struct SeriesTrend {
  std::string name;
  std::vector<state::Run> runs;  ///< oldest first
  std::vector<state::OwnerCounts> owners;
  std::vector<state::KeptFinding> opened;   ///< with the last run
  std::vector<state::KeptFinding> closed;   ///< by the last run
  std::vector<state::KeptFinding> overdue;  ///< by owner, then as they were due
};

struct TrendQuestion {
  std::string series;  ///< empty: all
  std::int64_t last = 10;
  Instant now;
};

/// Errors: those of state::Runs, POS0083 (Usage) there is no such series.
Result<std::vector<SeriesTrend>> read_trend(state::Runs& runs, const TrendQuestion& question);

/// Runs, what the last one changed, and owners; `overdue` lists what is overdue instead.
std::string trend_table(const std::vector<SeriesTrend>& trend, Instant now, bool overdue,
                        const report::TableStyle& style);
std::string trend_markdown(const std::vector<SeriesTrend>& trend, Instant now, bool overdue);
/// `redoubt.trend/1`: docs/reference/schemas/trend.json. Everything, overdue findings too.
std::string trend_json(const std::vector<SeriesTrend>& trend, Instant now);

}  // namespace redoubt::posture
