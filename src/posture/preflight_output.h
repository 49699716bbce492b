#pragma once

#include <string>
#include <vector>

#include "posture/created_by_azure.h"
#include "posture/owners.h"
#include "posture/preflight.h"
#include "report/table.h"

namespace redoubt::posture {

/// What a preflight says beside its entries.
struct PreflightNotes {
  std::string scope;                      ///< as it was asked for
  const Owners* owners = nullptr;         ///< may be null
  std::vector<CreationWarning> warnings;  ///< of resources that Azure makes by itself
};

/// `redoubt.preflight/1` (contracts): an entry for each assignment.
std::string preflight_json(const Preflight& preflight, const PreflightNotes& notes);

/// For people: a line for a definition and a resource, and what to do about what is denied. Command lines are
/// not wrapped, so that they can be copied.
std::string preflight_table(const Preflight& preflight, const PreflightNotes& notes,
                            const report::TableStyle& style);

/// The same as a comment on a pull request, in GitHub Flavored Markdown. Long sections are cut and say so.
std::string preflight_markdown(const Preflight& preflight, const PreflightNotes& notes);

}  // namespace redoubt::posture
