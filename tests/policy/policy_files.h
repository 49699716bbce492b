#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "policy/library.h"

namespace redoubt::policy::testing {

/// Files of one case in a folder that goes away with the object. The input holds them one after another, each
/// below a line `== name`; without such a line it is `policy.json`.
class PolicyFiles {
 public:
  explicit PolicyFiles(std::string_view input);
  ~PolicyFiles();
  PolicyFiles(const PolicyFiles&) = delete;
  PolicyFiles& operator=(const PolicyFiles&) = delete;

  std::string path(std::string_view name = {}) const { return (folder_ / name).string(); }
  /// Loads the whole folder.
  void load(doc::Sources& sources, Library& library) const { library.load(sources, folder_.string()); }
  /// One line a diagnostic, `file:line CODE message (hint)`, paths as the case has them, sorted by place.
  std::string text(std::vector<Diagnostic> diagnostics) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace redoubt::policy::testing
