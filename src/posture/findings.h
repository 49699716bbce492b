#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "estate/scope_tree.h"
#include "policy/library.h"
#include "posture/scan.h"
#include "report/page.h"
#include "report/sarif.h"
#include "report/table.h"

namespace redoubt::posture {

/// A file or a part of one that was not judged, and what to do about it.
struct NotLookedAt {
  std::string what;
  std::string why;
  bool needs_action = true;  ///< false: all is well, such as a parameter file that was used
};

/// What a scan says beside its findings.
struct ScanNotes {
  std::vector<NotLookedAt> not_looked_at;
  std::vector<Diagnostic> diagnostics;
  std::size_t policies = 0;
  std::vector<std::string> initiatives;  ///< whose members they are; empty: of none, or of those of a zone

  /// What judged: `25 policies of redoubt-starter`.
  std::string policies_text() const;

  /// The diagnostics of what was given and could not be judged, or in part only: what is not found may still
  /// be there.
  std::vector<const Diagnostic*> gaps() const;
};

/// What was not judged, for a report: ScanNotes::gaps(), and the files passed over that are not among them.
std::vector<Diagnostic> not_judged(const ScanNotes& notes);

/// Whether all that was given was judged. Otherwise nothing is gone because it was not found.
bool judged_all(const Scan& scan, const ScanNotes& notes);

/// Where output goes, piece by piece.
using Write = std::function<void(std::string_view)>;

/// `redoubt.findings/1` (contracts, "posture scan"): one line a finding, written as it is worked out.
void write_findings_json(Scan& scan, const ScanNotes& notes, const Write& write);

/// Findings by resource with reason, place and fix; manual policies in one line each; then counts, what was
/// not looked at and what verdicts hung on.
void write_findings_table(Scan& scan, const ScanNotes& notes, const report::TableStyle& style,
                          const Write& write);

/// A SARIF run whose results point at template lines, and at the line the value came from as related
/// location.
report::SarifRun findings_sarif(Scan& scan, const ScanNotes& notes, std::string base_directory);

/// JUnit XML: a suite a resource, a case a finding. Noncompliant ones are failures, errors are errors;
/// unknown, exempt, accepted and not applicable ones are skipped, with the reason. A suite of its own has
/// what was not judged: an error where the command fails by it, else skipped.
void write_findings_junit(Scan& scan, const ScanNotes& notes, const Write& write);

/// CSV (report/csv.h): a header, then one record a finding, then one of the state `notJudged` for each of
/// not_judged(). Columns: docs/scanning.md.
void write_findings_csv(Scan& scan, const ScanNotes& notes, const Write& write);

/// Markdown for a pull request or a wiki: counts, findings by severity with fix and place, the rest folded.
/// Sections are cut so that a comment of a code host holds it, and say so.
void write_findings_markdown(Scan& scan, const ScanNotes& notes, const Write& write);

/// What an HTML page says beside the findings.
struct FindingsPage {
  std::string title;
  Instant now;
  const estate::ScopeTree* tree = nullptr;  ///< of the landing zone; null: there is none
  const policy::Library* library =
      nullptr;  ///< has the initiatives, for the names of their groups; may be null
  /// What to do first, in order.
  std::vector<const PlannedPolicy*> first;
  std::optional<report::PageScore> score;
};

/// One self-contained HTML file (report/page.h). Of very many findings it lists the first of each policy, and
/// says so; its counts are of all.
void write_findings_page(Scan& scan, const ScanNotes& notes, const FindingsPage& page, const Write& write);

}  // namespace redoubt::posture
