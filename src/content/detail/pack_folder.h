#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace redoubt::content::detail {

/// `DIR/content`.
std::string content_folder(const std::string& data_dir);

/// The lock that every writer of a content folder holds. Waits for another one to end.
class WriteLock {
 public:
  /// Makes the folder where it is missing, and removes what killed writers left. CON0004 (Io).
  static Result<WriteLock> take(const std::string& content);
  WriteLock(WriteLock&& other) noexcept;
  WriteLock& operator=(WriteLock&&) = delete;
  ~WriteLock();

 private:
  explicit WriteLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// A pack while it is built: a folder beside its place that `commit` puts there; without it nothing changes.
class NewPack {
 public:
  /// The lock must be held while this lives. CON0004 (Io).
  static Result<NewPack> make(const std::string& content, const std::string& name);
  NewPack(NewPack&& other) noexcept;
  NewPack& operator=(NewPack&&) = delete;
  ~NewPack();

  /// Writes a file, on disk when this returns; folders on its way are made. CON0004 (Io).
  Result<void> write(const std::string& path, std::string_view text);
  /// Puts the pack in its place in one step; `exchange` false: by two renames, as where the file system
  /// can't.
  Result<void> commit(bool exchange = true);

 private:
  NewPack(std::string content, std::string name, std::string folder)
      : content_(std::move(content)), name_(std::move(name)), folder_(std::move(folder)) {}

  std::string content_;
  std::string name_;
  std::string folder_;  // empty once there is nothing to remove
};

/// Under this name a pack stands while two renames replace it.
std::string aside_name(std::string_view name);

}  // namespace redoubt::content::detail
