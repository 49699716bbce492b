#pragma once

#include <string>

#include "content/manifest.h"
#include "core/progress.h"
#include "core/result.h"
#include "core/time.h"
#include "files/archive.h"

namespace redoubt::content {

struct AddRequest {
  std::string path;      ///< a folder, a .json or .jsonl file, an archive
  std::string name;      ///< of the pack; empty: made of the path
  std::string place;     ///< what the manifest calls the source; empty: the path
  std::string commit;    ///< not empty: the archive's top folder must carry it
  bool archive = false;  ///< the file is an archive whatever its name
  Instant now;
  files::ArchiveLimits limits;
  ProgressCallback progress;
};

/// Takes the policies of a source into the pack `name` of the data directory, replacing one of that name in
/// one step. Diagnostics are about files that could not be read, or names that stand twice; the pack then
/// holds the rest.
///
/// A library of Azure Landing Zones is kept as its files, and its definitions and initiatives are indexed.
/// After an error the old pack is unchanged. Errors: CON0001 (Usage) the name, CON0002 (Usage) the path,
/// CON0003 (InvalidInput) no content, CON0004 (Io) writing, CON0005 (Limit), CON0008 (InvalidInput) the
/// commit, FIL of archives.
Result<Reading<Manifest>> add(const std::string& data_dir, const AddRequest& request);

/// The name that a path or URL suggests: its last part without endings, what is not allowed as `-`.
std::string suggested_name(std::string_view path);

}  // namespace redoubt::content
