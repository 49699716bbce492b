#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "posture/due.h"
#include "posture/scan_score.h"
#include "state/runs.h"

namespace redoubt::posture {

/// What a scan is recorded with.
struct RunHead {
  std::string series;
  Instant time;
  std::vector<std::string> inputs;  ///< paths as the user named them
  std::string zone;                 ///< file; may be empty
  bool complete = true;             ///< false: something could not be read, what is missing is not closed
};

/// Records a scan that kept its quiet verdicts: the run, its score and counts, and every finding that is
/// noncompliant, accepted, unknown or an error, except that a person has to attest it. Gives the run as it
/// was kept. Errors: those of state::Runs.
Result<state::Run> record_run(Scan& scan, const ScanScore& score, const RunHead& head, const DueDates& due,
                              state::Runs& runs);

}  // namespace redoubt::posture
