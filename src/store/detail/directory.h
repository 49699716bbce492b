#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"

namespace redoubt::store::detail {

/// A folder of events that this process alone has, or one that goes with this object.
class Directory {
 public:
  /// Makes the folder where it is not there, and locks it until the end of the object or the process.
  /// Errors: STO0003 (Unavailable) a process has it, STO0004 (Io) it can't be made or written.
  static Result<Directory> lock(const std::string& path);
  /// Whether a folder was such a one before: its lock file is there, or the engine's files.
  static bool was_locked(const std::string& path);
  /// A new one among the system's temporary files.
  static Result<Directory> temporary();

  Directory(Directory&& other) noexcept;
  Directory& operator=(Directory&& other) noexcept;
  ~Directory();

  /// Everything written in it is on the disk. Of a temporary one nothing need be. STO0014 (Io).
  Result<void> sync() const;

  const std::string& path() const { return path_; }

 private:
  Directory(std::string path, int lock);

  std::string path_;
  int lock_;  // file descriptor; none: the folder is temporary
};

}  // namespace redoubt::store::detail
