#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "posture/scan_score.h"
#include "report/table.h"

namespace redoubt::posture {

/// One of the findings to fix first, worked out.
struct FixFirst {
  Finding finding;
  const RankedFinding* ranked = nullptr;
  std::string exposed_by;  ///< name of the check; may be empty
  std::string why;         ///< why it is where it is, in a line
};

/// Those of a score, which must outlive them.
std::vector<FixFirst> fix_first(Scan& scan, const ScanScore& score);

/// A score for people: subscriptions with their controls, what does not count, what to fix first. `judges` is
/// what the resources were judged with, in words.
std::string score_table(const ScanScore& score, const std::vector<FixFirst>& first, std::string_view judges,
                        const report::TableStyle& style);

/// The same for a pull request or a wiki.
std::string score_markdown(const ScanScore& score, const std::vector<FixFirst>& first,
                           std::string_view judges);

/// `redoubt.score/1`: docs/reference/schemas/score.json. `complete`: all that was given was judged.
std::string score_json(const ScanScore& score, const std::vector<FixFirst>& first, bool complete);

/// `62 %`, `-` where there is none.
std::string percent_text(const std::optional<double>& share);

}  // namespace redoubt::posture
