#pragma once

#include <cstdio>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace redoubt::cli {

/// Where a command's result goes: stdout, or a file that appears whole or not at all.
///
/// A file is written beside its place under another name and renamed by `commit`; without it nothing changes.
/// A link is followed, permissions of an existing file are kept; what is no regular file (a pipe, a device)
/// is written to directly.
class Output {
 public:
  /// `path` `-` is `standard`. CLI0007 (Usage) when the file cannot be made.
  static Result<std::unique_ptr<Output>> open(const std::string& path, std::ostream& standard);

  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output();

  /// Called in front of what is written to stdout, so that a line of progress does not stand before it.
  void before_writing(std::function<void()> call) { before_writing_ = std::move(call); }

  void write(std::string_view text);
  void flush();
  /// Whether anything but nothing was written.
  bool has_written() const { return has_written_; }
  /// What was written is no whole result: a file that is made beside its place never gets there.
  void abandon() { is_abandoned_ = true; }
  bool is_abandoned() const { return is_abandoned_; }
  /// CLI0008 (Io) when anything written before was lost (a full disk) or the file cannot be put in place.
  Result<void> commit();

  bool is_standard() const { return standard_ != nullptr; }

 private:
  Output() = default;
  Result<void> open_beside(const std::string& path);

  std::function<void()> before_writing_;
  std::ostream* standard_ = nullptr;
  std::FILE* file_ = nullptr;
  std::string path_;
  bool has_written_ = false;
  bool is_abandoned_ = false;
  std::string temporary_;  // empty when the file is written directly or is in place
};

}  // namespace redoubt::cli
