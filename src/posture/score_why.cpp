#include <fmt/format.h>

#include "posture/score_output.h"

namespace redoubt::posture {

namespace {

std::string hang_on(std::uint64_t dependents) {
  return dependents == 1 ? "1 resource hangs on it" : fmt::format("{} resources hang on it", dependents);
}

std::string why(const Finding& finding, const RankedFinding& ranked, const std::string& exposed_by) {
  const Risk& risk = ranked.risk;
  std::string out = fmt::format("risk {}: {}", risk.points, name_of(finding.severity));
  if (risk.exposure == Exposure::Open)
    out += fmt::format(", reachable from the internet ({})", exposed_by);
  else if (risk.exposure == Exposure::Unknown)
    out += fmt::format(", may be reachable from the internet ({} is unknown)", exposed_by);
  if (risk.sensitivity != 0) out += fmt::format(", tagged {}", ranked.sensitivity_because);
  if (ranked.dependents != 0) out += ", " + hang_on(ranked.dependents);
  return out;
}

}  // namespace

std::vector<FixFirst> fix_first(Scan& scan, const ScanScore& score) {
  std::vector<FixFirst> out;
  for (const RankedFinding& ranked : score.first) {
    FixFirst one;
    one.finding = scan.finding(ranked.record);
    one.ranked = &ranked;
    if (ranked.risk.exposed_by)
      one.exposed_by = scan.plan().policies()[*ranked.risk.exposed_by].definition->name;
    one.why = why(one.finding, ranked, one.exposed_by);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace redoubt::posture
