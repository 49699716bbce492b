#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/level.h"
#include "core/result.h"

namespace redoubt::posture {

class Scan;

/// How many verdicts of each kind stand behind a check or a control.
struct EvidenceCounts {
  std::uint64_t compliant = 0;
  std::uint64_t noncompliant = 0;  ///< neither accepted nor exempt
  std::uint64_t unknown = 0;
  std::uint64_t error = 0;
  std::uint64_t not_applicable = 0;
  std::uint64_t exempt = 0;
  std::uint64_t accepted = 0;
  std::uint64_t to_attest = 0;  ///< of manual policies

  EvidenceCounts& operator+=(const EvidenceCounts& other);
};

/// A verdict that is no pass.
struct CheckFinding {
  std::string id;
  std::string state;  ///< noncompliant, unknown, error
  std::string resource_id;
  std::string resource_type;
  std::string resource_name;
  std::string reason;
  std::string path;
  Where location;
};

/// What a scan found with the definitions of one name.
struct CheckEvidence {
  std::string name;
  std::string display_name;
  EvidenceCounts counts;
  Level worst = Level::None;           ///< severity of the noncompliant ones
  std::vector<CheckFinding> findings;  ///< in the scan's order
};

/// The checks of a scan, sorted by name.
class ScanEvidence {
 public:
  /// The scan must keep all rows (ScanOptions::all).
  explicit ScanEvidence(Scan& scan);

  const std::vector<CheckEvidence>& checks() const { return checks_; }
  /// By name in any case; null when the scan had no such check.
  const CheckEvidence* find(std::string_view name) const;
  std::vector<std::string_view> names() const;

 private:
  std::vector<CheckEvidence> checks_;
  std::unordered_map<std::string, std::size_t> by_name_;  // lower case
};

}  // namespace redoubt::posture
