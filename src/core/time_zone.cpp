#include "core/time_zone.h"

#include <algorithm>

namespace redoubt {

namespace {

constexpr std::uint32_t kMostChanges = 100'000;
constexpr std::int64_t kMostOffset = std::int64_t{26} * 3'600;  // RFC 8536: from -25 to 26 hours

tl::unexpected<Error> no_zone(std::string_view what) {
  return fail(Error::Kind::InvalidInput, "CORE0105", "no time zone file: " + std::string(what));
}

/// Numbers in network order from the front of bytes; past their end it reads 0 and is not ok.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(std::size_t count) {
    ok_ = ok_ && count <= bytes_.size();
    if (!ok_) return {};
    const std::string_view out = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return out;
  }
  std::int64_t number(std::size_t size) {
    const std::string_view bytes = take(size);
    std::uint64_t out =
        !bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes)
      out = out << 8U | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(out);
  }
  std::uint32_t count() { return static_cast<std::uint32_t>(number(4)); }
  std::string_view rest() const { return bytes_; }
  bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

struct Header {
  char version = 0;
  std::uint32_t utc_marks = 0;
  std::uint32_t standard_marks = 0;
  std::uint32_t leaps = 0;
  std::uint32_t changes = 0;
  std::uint32_t types = 0;
  std::uint32_t letters = 0;

  /// Of what follows the header, with times of so many bytes.
  std::size_t size(std::size_t time) const {
    return changes * (time + 1) + types * std::size_t{6} + letters + leaps * (time + 4) + standard_marks +
           utc_marks;
  }
};

std::optional<Header> read_header(ByteReader& reader) {
  if (reader.take(4) != "TZif") return std::nullopt;
  Header out;
  const std::string_view version = reader.take(1);
  reader.take(15);
  out.version = version.empty() ? '\0' : version.front();
  for (std::uint32_t* count :
       {&out.utc_marks, &out.standard_marks, &out.leaps, &out.changes, &out.types, &out.letters})
    *count = reader.count();
  return reader.ok() ? std::optional(out) : std::nullopt;
}

}  // namespace

Result<TimeZone> TimeZone::read(std::string_view bytes) {
  ByteReader reader(bytes);
  std::optional<Header> header = read_header(reader);
  if (!header) return no_zone("no header");
  std::size_t time = 4;
  const bool long_times = header->version >= '2';
  if (long_times) {
    reader.take(header->size(time));
    header = read_header(reader);
    time = 8;
  }
  if (!header || header->changes > kMostChanges || header->types == 0 || header->types > 256)
    return no_zone("counts that can't be");
  ByteReader block(reader.take(header->size(time)));
  if (!reader.ok()) return no_zone("it ends too early");
  TimeZone out;
  for (std::uint32_t i = 0; i < header->changes; ++i)
    out.times_.push_back(block.number(time));
  const std::string_view kinds = block.take(header->changes);
  std::vector<std::int64_t> offsets;
  for (std::uint32_t i = 0; i < header->types; ++i) {
    offsets.push_back(std::clamp(block.number(4), -kMostOffset, kMostOffset));
    block.take(2);
  }
  for (const char kind : kinds) {
    const auto type = static_cast<unsigned char>(kind);
    if (type >= offsets.size()) return no_zone("a kind of time that it does not have");
    out.offsets_.push_back(offsets[type]);
  }
  if (!std::is_sorted(out.times_.begin(), out.times_.end())) return no_zone("changes out of order");
  out.first_ = offsets.front();
  std::string_view footer = long_times ? reader.rest() : std::string_view();
  if (footer.size() < 2 || footer.front() != '\n') return out;
  footer = footer.substr(1, footer.find('\n', 1) - 1);
  if (!footer.empty()) out.rule_ = RD_TRY(ClockRule::read(footer));
  return out;
}

std::int64_t TimeZone::offset_at(std::int64_t epoch_seconds) const {
  const auto next = std::upper_bound(times_.begin(), times_.end(), epoch_seconds);
  if (next == times_.end() && rule_) return rule_->offset_at(epoch_seconds);
  return next == times_.begin() ? first_ : offsets_[static_cast<std::size_t>(next - times_.begin()) - 1];
}

Result<Instant> TimeZone::to_local(Instant utc) const {
  return add_ticks(utc, offset_at(to_epoch_seconds(utc)) * kTicksPerSecond);
}

Result<Instant> TimeZone::to_utc(Instant local) const {
  // No clock is changed twice within two days.
  static constexpr std::int64_t kDay = 86'400;
  const std::int64_t shown = to_epoch_seconds(local);
  const std::int64_t before = offset_at(shown - kDay);
  const std::int64_t after = offset_at(shown + kDay);
  const bool first = offset_at(shown - before) == before;
  return add_ticks(local, -(first ? before : after) * kTicksPerSecond);
}

}  // namespace redoubt
