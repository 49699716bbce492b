#include "core/compression.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace redoubt {

namespace {

constexpr int kWindowBits = 15;
constexpr int kGzipBits = 16;  ///< added to the bits of the window: the header is gzip's

void append_little(std::string& out, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

void append_big(std::string& out, std::uint32_t value) {
  for (std::size_t i = 4; i-- > 0;)
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

/// Blocks that hold the bytes as they are.
std::string stored(std::string_view bytes) {
  static constexpr std::size_t kMostInBlock = 65'535;
  std::string out;
  do {
    const std::string_view block = bytes.substr(0, kMostInBlock);
    bytes.remove_prefix(block.size());
    out += bytes.empty() ? '\1' : '\0';
    const auto size = static_cast<std::uint32_t>(block.size());
    append_little(out, size, 2);
    append_little(out, ~size, 2);
    out += block;
  } while (!bytes.empty());
  return out;
}

z_stream reading(std::string_view bytes) {
  z_stream out{};
  out.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  out.avail_in = static_cast<uInt>(bytes.size());
  return out;
}

std::string deflated(std::string_view bytes) {
  z_stream stream = reading(bytes);
  RD_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -kWindowBits, 8, Z_DEFAULT_STRATEGY) ==
           Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  RD_CHECK(code == Z_STREAM_END);
  return out;
}

tl::unexpected<Error> damaged() {
  return fail(Error::Kind::InvalidInput, "CORE0202", "compressed bytes are damaged or cut off");
}

/// A stream that is ended, however it goes.
struct Inflation {
  z_stream stream;
  bool ok = false;

  Inflation(std::string_view bytes, Packing packing) : stream(reading(bytes)) {
    ok = inflateInit2(&stream, kWindowBits + (packing == Packing::Gzip ? kGzipBits : 0)) == Z_OK;
  }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  ~Inflation() {
    if (ok) inflateEnd(&stream);
  }
};

constexpr std::size_t kPart = 65'536;

}  // namespace

std::string compress(std::string_view bytes, Packing packing) {
  // About what the lengths of codes take in front of a block.
  static constexpr std::size_t kTableSize = 110;
  std::string body = stored(bytes);
  if (std::string smaller = deflated(bytes); smaller.size() + kTableSize < body.size())
    body = std::move(smaller);
  const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
  std::string out;
  if (packing == Packing::Zlib) {
    out = "\x78\x01" + body;
    append_big(out, static_cast<std::uint32_t>(adler32_z(adler32_z(0, nullptr, 0), data, bytes.size())));
    return out;
  }
  out = std::string("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10) + body;
  append_little(out, static_cast<std::uint32_t>(crc32_z(crc32_z(0, nullptr, 0), data, bytes.size())), 4);
  append_little(out, static_cast<std::uint32_t>(bytes.size()), 4);
  return out;
}

Result<std::string> decompress(std::string_view bytes, Packing packing, std::size_t max_bytes) {
  Inflation inflation(bytes, packing);
  if (!inflation.ok) return damaged();
  std::string out;
  std::array<char, 16'384> part{};
  int code = Z_OK;
  while (code == Z_OK) {
    inflation.stream.next_out = reinterpret_cast<Bytef*>(part.data());
    inflation.stream.avail_out = static_cast<uInt>(part.size());
    code = inflate(&inflation.stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) return damaged();
    out.append(part.data(), part.size() - inflation.stream.avail_out);
    if (out.size() > max_bytes)
      return fail(Error::Kind::Limit, "CORE0203",
                  "compressed bytes hold more than the limit of bytes: " + std::to_string(max_bytes));
  }
  return inflation.stream.avail_in == 0 ? Result<std::string>(std::move(out)) : damaged();
}

struct Decompressor::State {
  explicit State(Packing packing) : inflation({}, packing) {}

  Result<void> feed(std::string_view bytes, const Sink& sink);

  Inflation inflation;
  bool ended = false;
  bool failed = false;
  std::array<char, kPart> part{};
};

Result<void> Decompressor::State::feed(std::string_view bytes, const Sink& sink) {
  z_stream& stream = inflation.stream;
  const z_stream input = reading(bytes);
  stream.next_in = input.next_in;
  stream.avail_in = input.avail_in;
  while (!ended) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return damaged();
    ended = code == Z_STREAM_END;
    const std::size_t got = part.size() - stream.avail_out;
    if (got != 0) RD_TRY(sink(std::string_view(part.data(), got)));
    if (!ended && stream.avail_out != 0) return {};
  }
  return stream.avail_in == 0 ? Result<void>() : damaged();
}

Decompressor::Decompressor(Packing packing) : state_(std::make_unique<State>(packing)) {}
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;
Decompressor::~Decompressor() = default;

Result<void> Decompressor::feed(std::string_view bytes, const Sink& sink) {
  if (state_->failed || !state_->inflation.ok) return damaged();
  Result<void> done = state_->feed(bytes, sink);
  state_->failed = !done;
  return done;
}

Result<void> Decompressor::finish() const {
  return state_->ended && !state_->failed ? Result<void>() : damaged();
}

}  // namespace redoubt
