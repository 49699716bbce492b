#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "core/result.h"

/// A file without a disk, for readers that take a path. Filled anew for each input.
class MemoryFile {
 public:
  MemoryFile()
      : descriptor_(memfd_create("input", MFD_CLOEXEC)),
        path_("/proc/self/fd/" + std::to_string(descriptor_)) {
    RD_CHECK(descriptor_ >= 0);
  }

  const std::string& fill(std::string_view text) const {
    RD_CHECK(ftruncate(descriptor_, 0) == 0);
    RD_CHECK(pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    return path_;
  }

 private:
  int descriptor_;
  std::string path_;
};
