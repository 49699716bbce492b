#pragma once

#include <string>
#include <utility>
#include <vector>

#include "content/detail/tree.h"
#include "core/progress.h"
#include "core/result.h"
#include "doc/sources.h"
#include "policy/library.h"

namespace redoubt::content::detail {

/// What a source's files are taken as.
struct Choice {
  std::vector<std::string> taken;          ///< sorted
  std::vector<std::string> alz_libraries;  ///< folders with one; `.` for the source itself
  std::size_t passed_over = 0;

  bool is_alz() const { return !alz_libraries.empty(); }
};

/// By their paths alone: a library of Azure Landing Zones, a clone of Azure/azure-policy, or any policies.
///
/// Of a clone the built-in definitions and initiatives are taken. A folder `Azure Government` is left out:
/// its definitions have the names of public ones.
Choice choose(const std::vector<std::string>& paths);

/// What was taken out of a source, in memory.
struct Gathered {
  doc::Sources sources;
  policy::Library library;
  Choice choice;
  std::vector<std::pair<std::string, std::string>> alz_files;  ///< path and content
  std::size_t unread = 0;
  std::vector<Diagnostic> diagnostics;
};

/// CON0003 (InvalidInput) when nothing of it is content; errors of the tree.
Result<void> gather(Tree& tree, const std::string& place, const ProgressCallback& progress, Gathered& out);

}  // namespace redoubt::content::detail
