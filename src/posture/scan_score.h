#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "posture/risk.h"
#include "posture/scan.h"
#include "posture/score.h"
#include "posture/score_controls.h"

namespace redoubt::posture {

/// A check of the scan that does not count for the score.
struct UncountedCheck {
  std::string name;
  std::string title;
  std::uint64_t noncompliant = 0;
  bool preview = false;  ///< else no control has it
};

/// A finding in the order of risk.
struct RankedFinding {
  std::uint32_t record = 0;  ///< of Scan::records()
  Risk risk;
  std::uint64_t dependents = 0;
  std::string sensitivity_because;
  std::optional<std::size_t> control;
  /// What the secure score of everything gains in points of a hundred when it is fixed; 0 while other
  /// findings keep the resource unhealthy.
  double gain = 0;
};

/// The secure score of a scan, and what to fix first.
struct ScanScore {
  std::vector<ScoreControl> controls;
  std::vector<std::string> subscriptions;  ///< by number; empty: of what lies in none
  std::vector<Summary> counts;             ///< verdicts of each subscription
  SecureScore secure;
  std::vector<UncountedCheck> uncounted;  ///< sorted by name
  std::uint64_t in_grace = 0;             ///< findings that do not count because they are not due yet
  std::uint64_t open = 0;                 ///< findings in the order of risk
  std::uint64_t risk = 0;                 ///< of all of them together
  std::vector<RankedFinding> first;       ///< the first few
};

/// Scores a scan that kept its quiet verdicts (ScanOptions::keep_quiet). `grace` holds ids of findings that
/// do not count yet. `first` is how many findings to name; 0: none, and risk is not worked
/// out.
ScanScore score_scan(Scan& scan, const ScoreControls& controls, const std::set<std::string>& grace,
                     std::size_t first = 5);

}  // namespace redoubt::posture
