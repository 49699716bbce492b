#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "posture/azure_controls.h"
#include "posture/control_mapping.h"
#include "posture/frameworks.h"

namespace redoubt::posture {

/// How many controls have at least one check that can fail, and that decides without another system's result.
struct CoverageCounts {
  std::uint64_t controls = 0;  ///< neither withdrawn nor groups
  std::uint64_t ours = 0;
  std::uint64_t azure = 0;
  std::uint64_t either = 0;
};

struct FrameworkShare {
  const Framework* framework = nullptr;
  CoverageCounts counts;
  std::uint64_t withdrawn = 0;
  std::uint64_t groups = 0;
  std::uint64_t manual = 0;              ///< of the controls
  std::vector<std::string> initiatives;  ///< Azure's; empty: it has none
  std::vector<std::pair<std::string, CoverageCounts>> parts;
};

/// Of the frameworks with these numbers.
std::vector<FrameworkShare> framework_coverage(const Frameworks& frameworks, const AzureControls& azure,
                                               const std::vector<ControlMapping>& mappings,
                                               const std::vector<std::size_t>& chosen);

}  // namespace redoubt::posture
