#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/time_zone.h"

using namespace redoubt;

// A zone that can be read is never further from UTC than files may say, and any time can be asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<TimeZone> zone = TimeZone::read({reinterpret_cast<const char*>(data), size});
  if (!zone) return 0;
  constexpr std::int64_t kMost = 26 * 3'600;
  for (std::int64_t seconds = -60'000'000'000; seconds < 250'000'000'000; seconds += 997'000'003) {
    RD_CHECK(zone->offset_at(seconds) <= kMost && zone->offset_at(seconds) >= -kMost);
    const Instant utc = from_epoch_seconds(seconds);
    const Result<Instant> local = zone->to_local(utc);
    if (local) static_cast<void>(zone->to_utc(*local));
  }
  return 0;
}
