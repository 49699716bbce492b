#pragma once

#include <chrono>
#include <iosfwd>
#include <mutex>

#include "core/progress.h"

namespace redoubt::cli {

/// One line on stderr that says how far long work is; nothing at all when stderr is no terminal.
///
/// Safe to use from several threads; cheap: the line changes at most ten times a second.
class ProgressLine {
 public:
  ProgressLine(std::ostream& err, bool shown) : err_(err), shown_(shown) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { clear(); }

  void show(const Progress& progress);
  /// Takes the line away, so that other text can follow.
  void clear();

  /// What to pass down; it must not outlive the line. Empty when nothing would be shown.
  ProgressCallback callback();

 private:
  std::mutex mutex_;
  std::ostream& err_;  // guarded by mutex_
  bool shown_;
  bool drawn_ = false;                          // guarded by mutex_
  std::chrono::steady_clock::time_point last_;  // guarded by mutex_
};

}  // namespace redoubt::cli
