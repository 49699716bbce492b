#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.h"

namespace redoubt::estate::detail {

struct FoundFile {
  std::string path;
  bool given = false;  ///< named by the user, not met in a folder
};

/// The files under the paths, each once, folders in sorted order. Hidden folders and node_modules are left
/// out. Diagnostics: EST0101 a path that is not there or can't be read, EST0112 more files than `max_files`.
Reading<std::vector<FoundFile>> find_files(const std::vector<std::string>& paths, std::size_t max_files);

/// One name for a file, however a path leads to it.
std::string canonical_path(const std::string& path);

}  // namespace redoubt::estate::detail
