#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/level.h"
#include "posture/score.h"

namespace redoubt::posture {

/// How far a resource can be reached from the internet, as far as checks tell.
enum class Exposure : std::uint8_t { None, Unknown, Open };

/// What a resource adds to the risk of its findings.
struct ResourceRisk {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::uint32_t parent = kNone;     ///< number of what it lies in, whose exposure it shares
  std::uint8_t sensitivity = 0;     ///< 0, 1 sensitive, 2 highly sensitive
  std::uint64_t dependents = 0;     ///< resources that lie in it or refer to it
  std::string sensitivity_because;  ///< `data: Confidential`
};

/// A noncompliant finding that waits to be fixed.
struct OpenFinding {
  std::uint32_t resource = 0;
  Level severity = Level::Low;
};

/// What a check of exposure says of a resource.
struct ExposureSign {
  std::uint32_t resource = 0;
  std::uint32_t policy = 0;
  bool sure = true;  ///< false: the check is unknown
};

/// Why a finding is where it is in the order.
struct Risk {
  std::uint32_t points = 0;  ///< 0 for what is not open
  Exposure exposure = Exposure::None;
  std::optional<std::uint32_t> exposed_by;  ///< policy of the sign
  std::uint8_t sensitivity = 0;
  std::uint8_t blast = 0;  ///< 0 nothing hangs on it, 1 up to 9, 2 up to 99, 3 more
};

/// severity (1, 3, 6, 10) * (4 + exposure (0, 2, 4) + sensitivity (0 to 2) + blast (0 to 3)).
///
/// Rising in every part: a critical finding comes before every medium one, a low one never before a high.
std::uint32_t risk_points(Level severity, const Risk& factors);

/// The step of blast radius for a number of dependents.
std::uint8_t blast_step(std::uint64_t dependents);

/// The risk of each finding, by its number. A finding that is fixed, and its sign of exposure with it, raises
/// the risk of none.
std::vector<Risk> assess_risk(const std::vector<ResourceRisk>& resources,
                              const std::vector<ExposureSign>& signs,
                              const std::vector<OpenFinding>& findings);

}  // namespace redoubt::posture
