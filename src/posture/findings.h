#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "posture/scan.h"
#include "report/sarif.h"
#include "report/table.h"

namespace redoubt::posture {

/// A file or a part of one that was not judged, and what to do about it.
struct NotLookedAt {
  std::string what;
  std::string why;
  bool needs_action = true;  ///< false: all is well, such as a parameter file that was used
};

/// Everything a scan says.
struct ScanReport {
  ScanResult result;
  std::vector<NotLookedAt> not_looked_at;
  std::vector<Diagnostic> diagnostics;
  std::uint64_t policies = 0;
};

/// `redoubt.findings/1` (contracts, "posture scan").
std::string findings_json(const ScanReport& report);

/// Findings by resource with reason, place and fix; manual policies in one line each.
report::Table findings_table(const ScanReport& report);
/// The lines below the table: counts, what was not looked at, why verdicts are unknown.
std::string summary_text(const ScanReport& report, bool color);

/// A SARIF run whose results point at template lines, and at the line the value came from as related
/// location.
report::SarifRun findings_sarif(const ScanReport& report, std::string base_directory);

}  // namespace redoubt::posture
