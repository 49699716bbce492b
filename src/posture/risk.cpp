#include "posture/risk.h"

#include <algorithm>

namespace redoubt::posture {

namespace {

constexpr std::uint32_t kSeverityPoints[] = {0, 1, 3, 6, 10};  // by Level
constexpr std::uint32_t kBase = 4;
constexpr std::uint32_t kExposurePoints[] = {0, 2, 4};  // by Exposure

struct Reach {
  Exposure exposure = Exposure::None;
  std::optional<std::uint32_t> because;
};

/// Of the resource itself and of all that it lies in, the worst; the nearest among equals.
Reach reach_of(std::uint32_t resource, const std::vector<ResourceRisk>& resources,
               const std::vector<Reach>& own) {
  Reach out;
  for (std::uint32_t at = resource; at != ResourceRisk::kNone; at = resources[at].parent)
    if (own[at].exposure > out.exposure) out = own[at];
  return out;
}

}  // namespace

std::uint32_t risk_points(Level severity, const Risk& factors) {
  return kSeverityPoints[static_cast<std::size_t>(severity)] *
         (kBase + kExposurePoints[static_cast<std::size_t>(factors.exposure)] + factors.sensitivity +
          factors.blast);
}

std::uint8_t blast_step(std::uint64_t dependents) {
  if (dependents == 0) return 0;
  if (dependents < 10) return 1;
  return dependents < 100 ? 2 : 3;
}

std::vector<Risk> assess_risk(const std::vector<ResourceRisk>& resources,
                              const std::vector<ExposureSign>& signs,
                              const std::vector<OpenFinding>& findings) {
  std::vector<Reach> own(resources.size());
  for (const ExposureSign& sign : signs) {
    const Exposure exposure = sign.sure ? Exposure::Open : Exposure::Unknown;
    if (exposure > own[sign.resource].exposure) own[sign.resource] = {exposure, sign.policy};
  }
  std::vector<Risk> out;
  out.reserve(findings.size());
  for (const OpenFinding& finding : findings) {
    const Reach reach = reach_of(finding.resource, resources, own);
    Risk risk;
    risk.exposure = reach.exposure;
    risk.exposed_by = reach.because;
    risk.sensitivity = resources[finding.resource].sensitivity;
    risk.blast = blast_step(resources[finding.resource].dependents);
    risk.points = risk_points(finding.severity, risk);
    out.push_back(risk);
  }
  return out;
}

}  // namespace redoubt::posture
