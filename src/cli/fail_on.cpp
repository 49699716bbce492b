#include "cli/fail_on.h"

#include <algorithm>
#include <array>

namespace redoubt::cli {

namespace {

constexpr std::array<std::string_view, 5> kNames = {"none", "low", "medium", "high", "critical"};

}  // namespace

std::string_view name_of(Level level) { return kNames[static_cast<std::size_t>(level)]; }

Option fail_on_option(Level fallback) {
  return {.flags = "--fail-on",
          .value = "LEVEL",
          .text = "exit 1 when there is something at this level or above",
          .fallback = std::string(name_of(fallback)),
          .choices = {kNames.begin(), kNames.end()}};
}

Level fail_on(const Arguments& arguments) {
  const auto* found = std::find(kNames.begin(), kNames.end(), arguments.text("--fail-on"));
  RD_CHECK(found != kNames.end());
  return static_cast<Level>(found - kNames.begin());
}

Level level_of(Severity severity) {
  static constexpr std::array<Level, 3> kLevels = {Level::Low, Level::Medium, Level::High};
  return kLevels[static_cast<std::size_t>(severity)];
}

Exit exit_for(Level worst, Level asked) {
  return asked != Level::None && worst >= asked ? Exit::Findings : Exit::Done;
}

}  // namespace redoubt::cli
