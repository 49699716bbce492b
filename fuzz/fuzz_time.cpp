#include <string_view>

#include "core/time.h"

using namespace redoubt;

// The first line is a time, a duration and a format in turn. What was read as a time reads back from its
// round-trip form; what a format writes stays within a bound of the format's length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const Result<std::int64_t> ticks = parse_duration(text)) RD_CHECK(!text.empty());
  const Result<ZonedTime> time = parse_time(text);
  if (time) {
    const std::string round_trip = format_time(*time, "o").value();
    RD_CHECK(parse_time(round_trip).value().offset_minutes == time->offset_minutes);
    RD_CHECK(parse_time(round_trip).value().instant == time->instant);
  }
  const Result<std::string> written = format_time({now(), 90}, text);
  if (written) RD_CHECK(written->size() <= 64 + text.size() * 24);
  return 0;
}
