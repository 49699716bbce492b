#pragma once

#include <cstdint>
#include <vector>

#include "core/level.h"
#include "policy/evaluate.h"

namespace redoubt::posture {

/// One verdict of a scan, in a few bytes; what a finding says is worked out of it.
struct Record {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::uint32_t policy = 0;    ///< its number in the plan
  std::uint32_t resource = 0;  ///< its number in the estate; kNone: of a policy that could not be compiled
  policy::State state = policy::State::Compliant;
  Level severity = Level::Low;
  bool manual = false;
  bool untrusted_version = false;
  bool data_plane = false;  ///< on objects that only another system sees
  bool open_reach = false;  ///< whether an assignment reaches it hangs on its location
  bool exempt = false;
  bool accepted = false;
  bool looked = false;      ///< it looked for related resources
  bool timed = false;       ///< it asked for the time
  std::uint32_t entry = 0;  ///< of the baseline, where it is accepted

  /// A noncompliant one that nobody has exempted or accepted.
  bool is_open() const { return state == policy::State::Noncompliant && !exempt && !accepted; }
};

/// What of a resource is to be judged.
struct ScanTask {
  std::uint32_t resource = 0;           ///< its number in the estate
  bool all = true;                      ///< with everything that applies
  std::vector<std::uint32_t> policies;  ///< else with these, sorted
};

}  // namespace redoubt::posture
