#pragma once

#include <string>
#include <vector>

#include "posture/preflight.h"
#include "report/table.h"

namespace redoubt::posture {

/// What a preflight says beside its entries.
struct PreflightNotes {
  std::string scope;                  ///< as it was asked for
  std::vector<std::string> warnings;  ///< resources that Azure makes by itself ...
};

/// `redoubt.preflight/1` (contracts): an entry for each assignment.
std::string preflight_json(const Preflight& preflight, const PreflightNotes& notes);

}  // namespace redoubt::posture
