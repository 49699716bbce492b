#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace redoubt {

/// A day of each year on which a clock is changed, and when (POSIX, "TZ environment variable").
struct ClockChange {
  enum class Kind : std::uint8_t {
    JulianDay,   ///< `day` 1 to 365; February 29 is never counted
    DayOfYear,   ///< `day` 0 to 365
    WeekOfMonth  ///< the `week`-th `day` (0 Sunday) of `month`; week 5 is the last
  };
  Kind kind = Kind::WeekOfMonth;
  int month = 1;
  int week = 1;
  int day = 0;
  std::int64_t seconds = 7'200;  ///< after midnight of the clock that is changed
};

/// What a clock does in all years from some time on: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ClockRule {
  struct Summer {
    std::int64_t offset = 0;
    ClockChange start;
    ClockChange end;
  };
  std::int64_t offset = 0;  ///< seconds ahead of UTC
  std::optional<Summer> summer;

  /// Errors: CORE0106 for a text that is no rule.
  static Result<ClockRule> read(std::string_view text);
  std::int64_t offset_at(std::int64_t epoch_seconds) const;
};

/// The clock of a place: how far ahead of UTC it was and will be.
class TimeZone {
 public:
  /// Of the bytes of a TZif file (RFC 8536, any version; leap seconds do not count).
  /// Errors: CORE0105 for bytes that are none, or with more than 100,000 changes; CORE0106 for its rule.
  static Result<TimeZone> read(std::string_view bytes);

  /// In seconds. Logarithmic.
  std::int64_t offset_at(std::int64_t epoch_seconds) const;
  /// What the clock shows, as if it were UTC.
  Result<Instant> to_local(Instant utc) const;
  /// When the clock shows a time: of one that comes twice the first, of one that is skipped what its clock
  /// would have shown had it been changed before. Source of the latter: Microsoft's engine.
  Result<Instant> to_utc(Instant local) const;

 private:
  std::int64_t first_ = 0;             ///< offset before all changes
  std::vector<std::int64_t> times_;    ///< of changes, in order
  std::vector<std::int64_t> offsets_;  ///< from each change on
  std::optional<ClockRule> rule_;      ///< after the last change
};

/// The zones of a folder of TZif files, by name (`Europe/Paris`). Keeps what was read; single-threaded.
class TimeZones {
 public:
  /// Empty: the system's folder.
  explicit TimeZones(std::filesystem::path folder = {});

  /// Whether there is a folder.
  bool available() const { return !folder_.empty(); }
  /// Null: there is none of that name, or its file can't be read. Lives as long as this.
  const TimeZone* find(std::string_view name);
  /// Of all zones, sorted by bytes; without `posix` and `right`, which hold them once more.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path folder_;
  std::unordered_map<std::string, std::optional<TimeZone>> zones_;
};

}  // namespace redoubt
