#include "store/native.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "store/detail/native_cursor.h"
#include "store/detail/native_type.h"

namespace redoubt::store {

namespace {

using detail::NativeCursor;

/// Whether to go on, or wait for more bytes.
enum class Progress : std::uint8_t { Done, Starved };

// Of the keys of LowCardinality. Source: SerializationLowCardinality of ClickHouse.
constexpr std::uint64_t kKeyVersion = 1;
constexpr std::uint64_t kIndexWidthBits = 0xFF;
constexpr std::uint64_t kSharedKeys = 1 << 8;
constexpr std::uint64_t kOwnKeys = 1 << 9;
constexpr std::uint64_t kWidestIndex = 3;  // 8 bytes

std::uint64_t index_at(std::string_view bytes, std::size_t width, std::size_t row) {
  std::uint64_t out = 0;
  std::memcpy(&out, bytes.data() + row * width, width);
  return out;
}

}  // namespace

struct NativeDecoder::State {
  explicit State(NativeLimits given) : limits(given) {}

  Result<void> feed(std::string_view fed, const BlockSink& sink);
  Result<void> read(NativeCursor& cursor, const BlockSink& sink);
  Result<void> deliver(const BlockSink& sink);

  // Each reads one thing, and says with `step` what comes next.
  using Step = Result<Progress> (State::*)(NativeCursor&);
  Result<Progress> block_head(NativeCursor& cursor);
  Result<Progress> column_head(NativeCursor& cursor);
  Result<Progress> nulls(NativeCursor& cursor);
  Result<Progress> fixed_cells(NativeCursor& cursor);
  Result<Progress> strings(NativeCursor& cursor);
  Result<Progress> key_head(NativeCursor& cursor);
  Result<Progress> keys(NativeCursor& cursor);
  Result<Progress> indexes(NativeCursor& cursor);

  Result<void> begin_column(std::string_view name, std::string_view type, const NativeCursor& cursor);
  Result<Progress> read_strings(NativeCursor& cursor, Strings& out, std::uint64_t count);
  Result<void> expand_keys(std::string_view places, const NativeCursor& cursor);
  Result<void> charge(std::uint64_t more, const NativeCursor& cursor);
  void end_column();
  Column& column() { return block.columns.back(); }
  bool is_between_blocks() const { return step == &State::block_head; }

  tl::unexpected<Error> broken(std::string_view what, const NativeCursor& cursor) const;
  tl::unexpected<Error> too_much(std::string_view what, std::uint64_t max, const NativeCursor& cursor) const;
  std::string place(const NativeCursor& cursor) const;

  NativeLimits limits;
  Step step = &State::block_head;
  std::string pending;       // bytes that were fed and not read
  std::uint64_t offset = 0;  // of what is read next
  std::optional<Error> failure;

  // Of the block that is being read.
  std::uint64_t number = 1;
  std::uint64_t columns = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  bool whole = false;
  Block block;
  detail::NativeColumn native;

  // Of a LowCardinality column.
  std::uint64_t key_count = 0;
  std::size_t index_width = 0;
  Strings key_texts;
};

Result<void> NativeDecoder::State::feed(std::string_view fed, const BlockSink& sink) {
  if (failure) return tl::unexpected(*failure);
  const bool fresh = pending.empty();
  if (!fresh) pending += fed;
  NativeCursor cursor(fresh ? fed : pending, offset);
  Result<void> done = read(cursor, sink);
  if (!done) {
    failure = done.error();
    return done;
  }
  offset = cursor.offset();
  if (fresh)
    pending = cursor.rest();
  else
    pending.erase(0, pending.size() - cursor.rest().size());
  return {};
}

Result<void> NativeDecoder::State::read(NativeCursor& cursor, const BlockSink& sink) {
  for (;;) {
    const Progress progress = RD_TRY((this->*step)(cursor));
    if (progress == Progress::Starved) return {};
    if (whole) RD_TRY(deliver(sink));
  }
}

Result<void> NativeDecoder::State::deliver(const BlockSink& sink) {
  whole = false;
  ++number;
  return sink(std::exchange(block, {}));
}

Result<Progress> NativeDecoder::State::block_head(NativeCursor& cursor) {
  const NativeCursor before = cursor;
  const std::optional<std::uint64_t> width = cursor.varint();
  const std::optional<std::uint64_t> length = width ? cursor.varint() : std::nullopt;
  if (!length) {
    cursor = before;
    return Progress::Starved;
  }
  if (*width > limits.max_columns) return too_much("columns", limits.max_columns, before);
  if (*length > limits.max_rows) return too_much("rows", limits.max_rows, before);
  if (*width == 0 && *length != 0) return broken("rows without columns", before);
  columns = *width;
  rows = *length;
  bytes = 0;
  if (columns != 0) step = &State::column_head;
  return Progress::Done;
}

Result<Progress> NativeDecoder::State::column_head(NativeCursor& cursor) {
  const NativeCursor before = cursor;
  bool too_long = false;
  const std::optional<std::string_view> name = cursor.text(limits.max_name_bytes, too_long);
  const std::optional<std::string_view> type =
      name ? cursor.text(limits.max_name_bytes, too_long) : std::nullopt;
  if (too_long) return too_much("bytes of a name or type", limits.max_name_bytes, before);
  if (!type) {
    cursor = before;
    return Progress::Starved;
  }
  RD_TRY(begin_column(*name, *type, before));
  return Progress::Done;
}

Result<void> NativeDecoder::State::begin_column(std::string_view name, std::string_view type,
                                                const NativeCursor& cursor) {
  native = RD_TRY(detail::read_native_type(name, type));
  block.columns.push_back(
      make_column({.name = std::string(name), .type = native.type->cell, .nullable = native.nullable}));
  if (rows == 0) {
    end_column();
    return {};
  }
  RD_TRY(charge(rows * native.type->width, cursor));
  if (native.low_cardinality)
    step = &State::key_head;
  else if (native.nullable)
    step = &State::nulls;
  else
    step = native.type->width == 0 ? &State::strings : &State::fixed_cells;
  return {};
}

Result<Progress> NativeDecoder::State::nulls(NativeCursor& cursor) {
  const std::optional<std::string_view> map = cursor.take(rows);
  if (!map) return Progress::Starved;
  column().nulls.reserve(rows);
  for (const char byte : *map)
    column().nulls.push_back(byte != 0 ? 1 : 0);
  step = native.type->width == 0 ? &State::strings : &State::fixed_cells;
  return Progress::Done;
}

Result<Progress> NativeDecoder::State::fixed_cells(NativeCursor& cursor) {
  const std::optional<std::string_view> cells = cursor.take(rows * native.type->width);
  if (!cells) return Progress::Starved;
  const std::size_t fitting = native.type->widen(*cells, rows, column().cells);
  if (fitting != rows)
    return fail(
        Error::Kind::Unsupported, "STO0012",
        fmt::format("a number is too large for {}: {} {}, row {} of block {}", name_of(native.type->cell),
                    column().name, native.type->name, fitting + 1, number),
        {}, "cast it in the query");
  end_column();
  return Progress::Done;
}

Result<Progress> NativeDecoder::State::strings(NativeCursor& cursor) {
  const Progress progress = RD_TRY(read_strings(cursor, std::get<Strings>(column().cells), rows));
  if (progress == Progress::Done) end_column();
  return progress;
}

Result<Progress> NativeDecoder::State::read_strings(NativeCursor& cursor, Strings& out, std::uint64_t count) {
  while (out.size() < count) {
    bool too_long = false;
    const std::optional<std::string_view> cell = cursor.text(limits.max_block_bytes - bytes, too_long);
    if (too_long) return too_much("bytes of a block", limits.max_block_bytes, cursor);
    if (!cell) return Progress::Starved;
    RD_TRY(charge(cell->size() + sizeof(std::int64_t), cursor));
    out.push_back(*cell);
  }
  return Progress::Done;
}

Result<Progress> NativeDecoder::State::key_head(NativeCursor& cursor) {
  const NativeCursor before = cursor;
  const std::optional<std::uint64_t> version = cursor.uint64();
  const std::optional<std::uint64_t> flags = version ? cursor.uint64() : std::nullopt;
  const std::optional<std::uint64_t> count = flags ? cursor.uint64() : std::nullopt;
  if (!count) {
    cursor = before;
    return Progress::Starved;
  }
  if (*version != kKeyVersion) return broken("keys of an unknown version", before);
  if ((*flags & kSharedKeys) != 0 || (*flags & kOwnKeys) == 0) return broken("keys from elsewhere", before);
  if ((*flags & kIndexWidthBits) > kWidestIndex) return broken("an unknown width of keys", before);
  if (*count > limits.max_rows) return too_much("keys of a column", limits.max_rows, before);
  index_width = std::size_t{1} << (*flags & kIndexWidthBits);
  key_count = *count;
  key_texts = {};
  step = &State::keys;
  return Progress::Done;
}

Result<Progress> NativeDecoder::State::keys(NativeCursor& cursor) {
  const Progress progress = RD_TRY(read_strings(cursor, key_texts, key_count));
  if (progress == Progress::Done) step = &State::indexes;
  return progress;
}

Result<Progress> NativeDecoder::State::indexes(NativeCursor& cursor) {
  const NativeCursor before = cursor;
  const std::optional<std::uint64_t> count = cursor.uint64();
  if (count && *count != rows) return broken("another number of keys than of rows", before);
  const std::optional<std::string_view> places = count ? cursor.take(rows * index_width) : std::nullopt;
  if (!places) {
    cursor = before;
    return Progress::Starved;
  }
  RD_TRY(expand_keys(*places, before));
  end_column();
  return Progress::Done;
}

Result<void> NativeDecoder::State::expand_keys(std::string_view places, const NativeCursor& cursor) {
  auto& cells = std::get<Strings>(column().cells);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t key = index_at(places, index_width, row);
    if (key >= key_texts.size()) return broken("a key that is not there", cursor);
    RD_TRY(charge(key_texts[key].size() + sizeof(std::int64_t), cursor));
    cells.push_back(key_texts[key]);
    // The first key of a nullable column stands for null.
    if (native.nullable) column().nulls.push_back(key == 0 ? 1 : 0);
  }
  key_texts = {};
  return {};
}

Result<void> NativeDecoder::State::charge(std::uint64_t more, const NativeCursor& cursor) {
  if (more > limits.max_block_bytes - bytes)
    return too_much("bytes of a block", limits.max_block_bytes, cursor);
  bytes += more;
  return {};
}

void NativeDecoder::State::end_column() {
  whole = block.columns.size() == columns;
  step = whole ? &State::block_head : &State::column_head;
}

tl::unexpected<Error> NativeDecoder::State::broken(std::string_view what, const NativeCursor& cursor) const {
  return fail(Error::Kind::InvalidInput, "STO0011",
              fmt::format("what the engine sent can't be read: {}, {}", what, place(cursor)), {},
              "report it, with the version of the engine");
}

tl::unexpected<Error> NativeDecoder::State::too_much(std::string_view what, std::uint64_t max,
                                                     const NativeCursor& cursor) const {
  return fail(
      Error::Kind::Limit, "STO0013",
      fmt::format("what the engine sent has too many {}: more than {}, {}", what, max, place(cursor)));
}

std::string NativeDecoder::State::place(const NativeCursor& cursor) const {
  const std::string name = block.columns.empty() ? "" : fmt::format(", column {}", block.columns.back().name);
  return fmt::format("block {}{}, byte {}", number, name, cursor.offset());
}

NativeDecoder::NativeDecoder(NativeLimits limits) : state_(std::make_unique<State>(limits)) {}
NativeDecoder::NativeDecoder(NativeDecoder&&) noexcept = default;
NativeDecoder& NativeDecoder::operator=(NativeDecoder&&) noexcept = default;
NativeDecoder::~NativeDecoder() = default;

Result<void> NativeDecoder::feed(std::string_view bytes, const BlockSink& sink) {
  return state_->feed(bytes, sink);
}

Result<void> NativeDecoder::finish() const {
  if (state_->failure) return tl::unexpected(*state_->failure);
  if (state_->is_between_blocks() && state_->pending.empty()) return {};
  return state_->broken("it ends too early", NativeCursor({}, state_->offset + state_->pending.size()));
}

}  // namespace redoubt::store
