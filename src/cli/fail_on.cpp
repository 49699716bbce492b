#include "cli/fail_on.h"

#include <array>
#include <iterator>
#include <optional>
#include <string_view>

#include "core/text.h"

namespace redoubt::cli {

namespace {

struct Synonym {
  std::string_view name;
  Level level;
};
constexpr Synonym kSynonyms[] = {{"error", Level::High}, {"warning", Level::Medium}, {"hint", Level::Low}};

}  // namespace

Option fail_on_option(Level fallback) {
  return {.flags = "--fail-on",
          .value = "LEVEL",
          .text = "exit 1 when there is something at this level or above",
          .fallback = std::string(name_of(fallback)),
          .choices = {std::begin(kLevelNames), std::end(kLevelNames)}};
}

Option fail_on_diagnostic_option() {
  Option out = fail_on_option(Level::High);
  out.text =
      "exit 1 when there is something at this level or above; an error is high, a warning medium, a hint low";
  for (const Synonym& one : kSynonyms)
    out.choices.emplace_back(one.name);
  return out;
}

Level fail_on(const Arguments& arguments) {
  for (const Synonym& one : kSynonyms)
    if (equal_any_case(arguments.text("--fail-on"), one.name)) return one.level;
  const std::optional<Level> level = find_level(arguments.text("--fail-on"));
  RD_CHECK(level.has_value());  // the option's choices let nothing else through
  return *level;
}

bool shows_hints(const Arguments& arguments, bool verbose) {
  return verbose || fail_on(arguments) == Level::Low;
}

Level level_of(Severity severity) {
  static constexpr std::array<Level, 3> kLevels = {Level::Low, Level::Medium, Level::High};
  return kLevels[static_cast<std::size_t>(severity)];
}

Exit exit_for(Level worst, Level asked) {
  return asked != Level::None && worst >= asked ? Exit::Findings : Exit::Done;
}

}  // namespace redoubt::cli
