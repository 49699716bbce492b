#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/level.h"
#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::posture {

/// How many days there are to fix a finding from when it was first seen. Form: docs/score.md, "Due dates".
class DueDates {
 public:
  /// Errors among the diagnostics: POS0082, what is no `{critical, high, medium, low}` of days. Levels that
  /// are not there keep their days; `none` is never due.
  static Reading<DueDates> read(const doc::Value& root, const doc::Sources& sources);

  /// In ticks; nothing: never.
  std::optional<std::int64_t> after(Level level) const;

 private:
  std::array<std::optional<std::int64_t>, 5> days_{std::nullopt, 180, 90, 30, 7};  // by Level
};

}  // namespace redoubt::posture
