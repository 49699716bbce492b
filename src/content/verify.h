#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/result.h"

namespace redoubt::content {

/// What was looked at in one pack.
struct Verified {
  std::string pack;
  std::uint64_t files = 0;
  std::uint64_t rows = 0;
  bool sound = true;  ///< no error
};

/// Holds a pack (all when `name` is empty) against its manifest and index: every file is there with its
/// length and hash, no other is, every row stands where the index says and is the one it names, counts are
/// right.
///
/// CON0101 (NotFound) no pack has the name. Diagnostics: CON0102, CON0103, CON0201 to CON0205 (errors,
/// CON0203 a warning), CON0206 (warning) the pack was made of files that could not all be read.
Result<Reading<std::vector<Verified>>> verify(const std::string& data_dir, const std::string& name,
                                              const ProgressCallback& progress = {});

}  // namespace redoubt::content
