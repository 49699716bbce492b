#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "posture/scan.h"

namespace redoubt::posture {

/// Findings that a report of limited length shows: chosen in one pass over a scan that works nothing out, and
/// worked out in the next.
class Picked {
 public:
  void add(const Finding& finding) { pairs_.emplace(finding.policy, finding.resource); }
  bool has(const Finding& finding) const { return pairs_.contains({finding.policy, finding.resource}); }
  std::size_t size() const { return pairs_.size(); }

 private:
  std::set<std::pair<const PlannedPolicy*, const estate::Resource*>> pairs_;
};

/// Hands every finding on in order, with nothing worked out.
inline void each_brief(Scan& scan, const std::function<void(const Finding&)>& take) {
  scan.each(take, [](const Finding&) { return false; });
}

}  // namespace redoubt::posture
