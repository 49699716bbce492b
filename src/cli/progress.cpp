#include "cli/progress.h"

#include <fmt/format.h>

#include <ostream>
#include <string>

#include "report/terminal_text.h"

namespace redoubt::cli {

void ProgressLine::show(const Progress& progress) {
  if (!shown_) return;
  std::lock_guard lock(mutex_);
  auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  std::string line = fmt::format("{} {}", progress.step, progress.done);
  if (progress.total != 0) line += fmt::format("/{}", progress.total);
  err_ << "\r\x1b[K" << report::printable(line) << std::flush;
}

void ProgressLine::clear() {
  std::lock_guard lock(mutex_);
  if (!drawn_) return;
  drawn_ = false;
  err_ << "\r\x1b[K" << std::flush;
}

ProgressCallback ProgressLine::callback() {
  if (!shown_) return {};
  return [this](const Progress& progress) { show(progress); };
}

}  // namespace redoubt::cli
