#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::net::detail {

/// A file that a download fills, over several tries if need be, and the note beside it on where it is from.
class PartialFile {
 public:
  /// What is known of the whole from the answer that began it.
  struct Origin {
    std::string url;
    std::string tag;  ///< a strong ETag; empty for none
    std::optional<std::uint64_t> total;
  };

  /// Opens or makes the file and locks it. Bytes without a note on `url` are dropped.
  /// NET0009 (Io) it can't be made, NET0010 (Usage) another process has it.
  static Result<PartialFile> open(const std::string& path, const std::string& url);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  std::uint64_t bytes() const { return bytes_; }
  const Origin& origin() const { return origin_; }

  Result<void> append(std::string_view bytes);
  /// Empties the file and notes what it will be part of.
  Result<void> restart(Origin origin);
  /// On disk, and no longer partial.
  Result<void> finish();

 private:
  PartialFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  bool read_note(const std::string& url);
  tl::unexpected<Error> failure(int number) const;

  std::string path_;
  int descriptor_;
  std::uint64_t bytes_ = 0;
  Origin origin_;
};

}  // namespace redoubt::net::detail
