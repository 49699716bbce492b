#include "posture/due.h"

#include <fmt/format.h>

#include "core/time.h"

namespace redoubt::posture {

namespace {

constexpr std::string_view kSchema = "redoubt.due/1";
constexpr std::string_view kForm = "write `critical: 7` and so on: days from 1 to 3650, or none";
constexpr std::int64_t kMaxDays = 3'650;

}  // namespace

Reading<DueDates> DueDates::read(const doc::Value& root, const doc::Sources& sources) {
  Reading<DueDates> out;
  const auto tell = [&](std::string message, const doc::Value& node) {
    out.diagnostics.push_back(
        {Severity::Error, "POS0082", std::move(message), sources.where(node.place()), std::string(kForm)});
  };
  if (!root.is_object()) {
    tell("due dates are a mapping from severity to days", root);
    return out;
  }
  for (const doc::Member& member : root.members()) {
    const doc::Value& value = member.value;
    const bool schema = value.is_string() && value.as_string() == kSchema;
    if (member.name == "schema" && schema) continue;
    const std::optional<Level> level = find_level(member.name);
    if (!level || *level == Level::None) {
      tell(fmt::format("due dates have no {}", member.name), value);
      continue;
    }
    std::optional<std::int64_t>& days = out.value.days_.at(static_cast<std::size_t>(*level));
    if (value.is_string() && value.as_string() == "none")
      days.reset();
    else if (value.is_int() && value.as_int() >= 1 && value.as_int() <= kMaxDays)
      days = value.as_int();
    else
      tell(fmt::format("{} is no number of days", member.name), value);
  }
  return out;
}

std::optional<std::int64_t> DueDates::after(Level level) const {
  const std::optional<std::int64_t>& days = days_.at(static_cast<std::size_t>(level));
  return days ? std::optional(*days * kTicksPerDay) : std::nullopt;
}

}  // namespace redoubt::posture
