#pragma once

#include <string>

namespace redoubt::store::detail {

/// Keeps what is written to stderr to itself as long as it lives: the library says there why it does not
/// start, and nowhere else. Of the whole process, so only for a moment.
class StderrCapture {
 public:
  StderrCapture();
  StderrCapture(const StderrCapture&) = delete;
  StderrCapture& operator=(const StderrCapture&) = delete;
  ~StderrCapture();

  /// The first kilobytes of it.
  std::string text() const;

 private:
  int kept_ = -1;    // the stderr from before
  int caught_ = -1;  // a file in memory
};

}  // namespace redoubt::store::detail
