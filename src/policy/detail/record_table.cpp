#include "policy/detail/record_table.h"

#include <algorithm>

#include "core/text.h"

namespace redoubt::policy::detail {

namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kOffsetBytes = 4;
constexpr std::uint8_t kFirstWord = 128;

std::uint32_t little_endian(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  return value;
}

std::uint32_t offset_at(std::string_view offsets, std::uint32_t index) {
  return little_endian(offsets, index * kOffsetBytes, kOffsetBytes);
}

/// Ascending from 0; strictly if `strictly`, and none above the limit.
bool ascending(std::string_view offsets, std::size_t limit, bool strictly) {
  std::uint32_t before = 0;
  const std::size_t count = offsets.size() / kOffsetBytes;
  for (std::uint32_t index = 0; index < count; ++index) {
    const std::uint32_t offset = offset_at(offsets, index);
    if (index == 0 ? offset != 0 : offset < before || (strictly && offset == before)) return false;
    if (offset > limit) return false;
    before = offset;
  }
  return true;
}

}  // namespace

std::uint8_t RecordReader::byte() {
  const std::string_view one = bytes(1);
  return one.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(one.front());
}

std::uint32_t RecordReader::number() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 32; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint32_t>(next & 0x7F) << shift;
    if (next < 0x80) return value;
  }
  fail();
  return 0;
}

std::string_view RecordReader::bytes(std::size_t count) {
  if (count > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

void RecordReader::fail() {
  rest_ = {};
  failed_ = true;
}

bool RecordTable::read_header(std::string_view bytes, char kind) {
  if (bytes.size() < kHeaderBytes || bytes.substr(0, 4) != "RDTB" || bytes[4] != kind) return false;
  if (static_cast<std::uint8_t>(bytes[5]) != kFormat) return false;
  records_a_block_ = little_endian(bytes, 6, 2);
  count_ = little_endian(bytes, 8, 4);
  blocks_ = little_endian(bytes, 12, 4);
  texts_ = little_endian(bytes, 16, 4);
  const std::uint64_t pool_bytes = little_endian(bytes, 20, 4);
  const std::uint64_t record_bytes = little_endian(bytes, 24, 4);
  if (records_a_block_ == 0) return false;
  if (blocks_ != (std::uint64_t{count_} + records_a_block_ - 1) / records_a_block_) return false;
  const std::uint64_t block_offset_bytes = std::uint64_t{blocks_} * kOffsetBytes;
  const std::uint64_t text_offset_bytes = (std::uint64_t{texts_} + 1) * kOffsetBytes;
  if (bytes.size() != kHeaderBytes + block_offset_bytes + text_offset_bytes + pool_bytes + record_bytes)
    return false;
  RecordReader reader(bytes.substr(kHeaderBytes));
  block_offsets_ = reader.bytes(block_offset_bytes);
  text_offsets_ = reader.bytes(text_offset_bytes);
  pool_ = reader.bytes(pool_bytes);
  records_ = reader.bytes(record_bytes);
  return true;
}

bool RecordTable::sound_offsets() const {
  return ascending(block_offsets_, records_.size(), true) && ascending(text_offsets_, pool_.size(), false);
}

Result<RecordTable> RecordTable::open(std::string_view bytes, char kind) {
  RecordTable table;
  if (!table.read_header(bytes, kind) || !table.sound_offsets())
    return fail(Error::Kind::InvalidInput, "POL0901", "table of aliases or resource types is damaged");
  return table;
}

std::string_view RecordTable::text(std::uint32_t number) const {
  if (number >= texts_) return {};
  const std::uint32_t begin = offset_at(text_offsets_, number);
  return pool_.substr(begin, offset_at(text_offsets_, number + 1) - begin);
}

bool RecordTable::unpack(std::string_view packed, std::string& out) const {
  for (const char c : packed) {
    const std::uint8_t code = static_cast<std::uint8_t>(c);
    const std::string_view piece =
        code < kFirstWord ? std::string_view(&c, 1) : text(static_cast<std::uint32_t>(code - kFirstWord));
    if (piece.empty() || out.size() + piece.size() > kMaxText) return false;
    out += piece;
  }
  return true;
}

std::string_view RecordTable::records_from(std::uint32_t block) const {
  return block < blocks_ ? records_.substr(offset_at(block_offsets_, block)) : std::string_view{};
}

std::string_view RecordTable::first_name(std::uint32_t block) const {
  RecordReader reader(records_from(block));
  reader.number();
  return reader.bytes(reader.number());
}

RecordCursor RecordTable::cursor(std::string_view name) const {
  std::uint32_t low = 0;
  std::uint32_t high = blocks_;
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (compare_any_case(first_name(middle), name) <= 0 ? low : high) = middle;
  }
  return {*this, low};
}

RecordCursor::RecordCursor(const RecordTable& table, std::uint32_t block)
    : table_(table), index_(block * table.records_a_block_), reader_(table.records_from(block)) {}

bool RecordCursor::next(std::string& name) {
  if (index_ >= table_.count_ || reader_.failed()) return false;
  const bool first = index_ % table_.records_a_block_ == 0;
  ++index_;
  const std::uint32_t shared = reader_.number();
  const std::string_view rest = reader_.bytes(reader_.number());
  if (reader_.failed() || shared > (first ? 0 : name.size()) || rest.size() > RecordTable::kMaxText)
    return false;
  name.resize(shared);
  if (!first) return table_.unpack(rest, name);
  name = rest;
  return true;
}

int compare_any_case(std::string_view left, std::string_view right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    const auto a = static_cast<unsigned char>(lower(left[i]));
    const auto b = static_cast<unsigned char>(lower(right[i]));
    if (a != b) return a < b ? -1 : 1;
  }
  if (left.size() == right.size()) return 0;
  return left.size() < right.size() ? -1 : 1;
}

}  // namespace redoubt::policy::detail
