#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::files {

/// What an archive may hold. Every byte counts, also of files that nobody wants.
struct ArchiveLimits {
  std::uint64_t max_entries = 200'000;
  std::uint64_t max_bytes = std::uint64_t{2} << 30;         ///< of all files together, expanded
  std::uint64_t max_file_bytes = std::uint64_t{256} << 20;  ///< of one file that is wanted
  std::uint64_t max_ratio = 200;                            ///< expanded bytes to bytes of the archive
  std::uint64_t ratio_from = std::uint64_t{1} << 20;  ///< the ratio of smaller contents is not looked at
  std::size_t max_path = 4'096;
};

struct ArchiveSummary {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;  ///< of all files, expanded
};

/// Says which files are handed over, by their path in the archive: relative, UTF-8, `/` between the parts.
using WantedFile = std::function<bool(std::string_view path)>;
/// Gets one of them; an error ends the reading and is passed on.
using TakeFile = std::function<Result<void>(const std::string& path, std::string content)>;

/// Walks a .zip, .tar or .tar.gz that is in memory, in its own order; which of them it is its bytes say.
///
/// Time is linear in the expanded bytes, memory in the largest wanted file. `name` is what messages call the
/// archive. Nothing is written anywhere. Errors: FIL0001 (InvalidInput) no such archive, FIL0002
/// (InvalidInput) a refused entry, FIL0003 (Limit), FIL0004 (InvalidInput) a damaged one; the entry is
/// named in `where.path`. What was handed over before an error is not to be used.
Result<ArchiveSummary> read_archive(std::string_view bytes, const std::string& name,
                                    const ArchiveLimits& limits, const WantedFile& wanted,
                                    const TakeFile& take);

/// Whether a file of this name is looked at as an archive: .zip, .tar.gz, .tgz in any case.
bool has_archive_name(std::string_view path);

}  // namespace redoubt::files
