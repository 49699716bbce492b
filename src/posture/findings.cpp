#include "posture/findings.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"

namespace redoubt::posture {

namespace {

/// Warnings about what was not judged; errors are such anyway.
constexpr std::string_view kGaps[] = {"ARM0210", "EST0104", "EST0106", "EST0107", "EST0108", "EST0110",
                                      "EST0111", "EST0112", "EST0113", "POS0001", "POS0004"};

bool is_gap(const Diagnostic& diagnostic) {
  if (diagnostic.severity == Severity::Error) return true;
  return diagnostic.severity == Severity::Warning &&
         std::find(std::begin(kGaps), std::end(kGaps), diagnostic.code) != std::end(kGaps);
}

}  // namespace

std::string ScanNotes::policies_text() const {
  std::string out = counted(policies, "policy", "policies");
  if (initiatives.empty()) return out;
  return out + " of " + join(std::vector<std::string_view>(initiatives.begin(), initiatives.end()), ", ");
}

std::vector<const Diagnostic*> ScanNotes::gaps() const {
  std::vector<const Diagnostic*> out;
  for (const Diagnostic& diagnostic : diagnostics)
    if (is_gap(diagnostic)) out.push_back(&diagnostic);
  return out;
}

std::vector<Diagnostic> not_judged(const ScanNotes& notes) {
  std::vector<Diagnostic> out;
  for (const Diagnostic* gap : notes.gaps())
    out.push_back(*gap);
  const auto gaps = static_cast<std::ptrdiff_t>(out.size());
  for (const NotLookedAt& one : notes.not_looked_at) {
    const bool told = std::any_of(out.begin(), out.begin() + gaps,
                                  [&](const Diagnostic& gap) { return gap.where.file == one.what; });
    if (one.needs_action && !told)
      out.push_back({Severity::Warning, "POS0003", "not looked at: " + one.why, {one.what, 0, 0, {}}, {}});
  }
  return out;
}

bool judged_all(const Scan& scan, const ScanNotes& notes) {
  const auto& policies = scan.plan().policies();
  return notes.gaps().empty() && std::none_of(policies.begin(), policies.end(),
                                              [](const PlannedPolicy& one) { return one.error.has_value(); });
}

}  // namespace redoubt::posture
