#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace redoubt {

/// How far a long piece of work has come.
struct Progress {
  std::string_view step;  ///< for people: `reading templates`
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0: not known
};

/// Called from the thread that does the work, as often as it likes; whoever shows it thins it out. May be
/// empty.
using ProgressCallback = std::function<void(const Progress&)>;

}  // namespace redoubt
