#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/scan_job.h"
#include "core/result.h"
#include "posture/due.h"

namespace redoubt::cli {

/// `--record`, `--record-as` and `--due`.
std::vector<Option> record_options();

/// Whether the run is to be kept: --record-as says so, too.
bool wants_record(const Arguments& arguments);

/// The name of the job's runs where the command line has none: what was looked at, so that runs of something
/// else do not close its findings.
std::string default_series(const ScanJob& job, const Arguments& arguments);

/// What --due says, else the usual days. Errors (Usage): CLI0070 without a record, those of doc and of
/// posture::DueDates.
Result<posture::DueDates> read_due_dates(const Arguments& arguments, Context& context);

/// Keeps the job's run in the data directory and says so; nothing when no input could be found. The job must
/// have kept its quiet verdicts. Errors: those of state::Runs.
Result<void> record(ScanJob& job, const Arguments& arguments, Context& context, const posture::DueDates& due);

}  // namespace redoubt::cli
