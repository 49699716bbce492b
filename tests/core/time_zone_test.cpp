#include "core/time_zone.h"

#include <gtest/gtest.h>

#include "core/text.h"
#include "testing/cases.h"
#include "testing/lines.h"
#include "testing/paths.h"

namespace redoubt {
namespace {

std::filesystem::path zones() { return testing::source_root() / "tests" / "core" / "zones"; }

// TIME in ZONE -> what its clock shows; TIME at ZONE -> when its clock shows that, in UTC
// TIME by RULE -> the rule's offset then, in seconds
std::string render(std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  const Instant time = parse_time(words.at(0)).value().instant;
  const auto shown = [](const Result<Instant>& out) { return out ? to_text(*out) : out.error().code; };
  if (words.at(1) == "by") {
    const Result<ClockRule> rule = ClockRule::read(words.at(2));
    return rule ? std::to_string(rule->offset_at(to_epoch_seconds(time))) : rule.error().code;
  }
  TimeZones all(zones());
  const TimeZone* const zone = all.find(words.at(2));
  if (zone == nullptr) return "no zone";
  return words.at(1) == "in" ? shown(zone->to_local(time)) : shown(zone->to_utc(time));
}

[[maybe_unused]] const bool registered =
    testing::register_cases("TimeZone", "tests/core/cases/time_zone", testing::by_line(render));

TEST(TimeZones, NamesAreThoseOfTheFilesThatHoldZones) {
  const std::vector<std::string> expected = {"America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe",
                                             "Europe/Brussels", "Europe/Paris", "Pacific/Apia",
                                             "US/Pacific"};
  EXPECT_EQ(TimeZones(zones()).names(), expected);
  EXPECT_TRUE(TimeZones(zones() / "nowhere").names().empty());
}

TEST(TimeZones, NamesDoNotLeadOutOfTheFolder) {
  TimeZones all(zones() / "US");
  EXPECT_NE(all.find("Pacific"), nullptr);
  for (const std::string_view name : {"../Europe/Paris", "/etc/passwd", "", "Pacific/", "../US/Pacific"})
    EXPECT_EQ(all.find(name), nullptr) << name;
}

TEST(TimeZone, HalfAFileIsNone) {
  const std::string whole = testing::read_file(zones() / "Europe" / "Paris");
  ASSERT_TRUE(TimeZone::read(whole));
  const std::size_t rule = whole.rfind('\n', whole.size() - 2);
  for (std::size_t size = 0; size < rule; size += 7) {
    const Result<TimeZone> zone = TimeZone::read(std::string_view(whole).substr(0, size));
    ASSERT_FALSE(zone) << size;
    EXPECT_EQ(zone.error().code, "CORE0105");
  }
}

TEST(TimeZone, CountsAreNotBelieved) {
  std::string bytes = "TZif2" + std::string(39, '\0');
  bytes += "TZif2" + std::string(15, '\0') + std::string(24, '\xFF');
  const Result<TimeZone> zone = TimeZone::read(bytes);
  ASSERT_FALSE(zone);
  EXPECT_EQ(zone.error().code, "CORE0105");
}

}  // namespace
}  // namespace redoubt
