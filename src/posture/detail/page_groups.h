#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "policy/library.h"
#include "posture/plan.h"
#include "report/page.h"

namespace redoubt::posture {

/// What policies belong to: the groups that initiatives put them in (controls, mostly), else their category.
class PageGroups {
 public:
  /// `library` knows the initiatives; null: none is known.
  explicit PageGroups(const policy::Library* library) : library_(library) {}

  /// Numbers of the groups of a policy, each once.
  std::vector<std::uint32_t> of(const PlannedPolicy& planned);
  std::vector<report::PageGroup>& groups() { return groups_; }

 private:
  std::uint32_t number(std::string title, std::string of);

  const policy::Library* library_;
  std::vector<report::PageGroup> groups_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> known_;
};

}  // namespace redoubt::posture
