#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/compression.h"

using namespace redoubt;

namespace {

constexpr std::size_t kMost = 1U << 16U;

/// In pieces it is the same as in one.
void check_pieces(std::string_view bytes, Packing packing, const Result<std::string>& whole) {
  Decompressor unpack(packing);
  std::string out;
  const Decompressor::Sink sink = [&](std::string_view part) -> Result<void> {
    out += part;
    return out.size() <= kMost ? Result<void>() : fail(Error::Kind::Limit, "TEST", "enough");
  };
  const std::size_t piece = bytes.empty() ? 1 : 1 + static_cast<unsigned char>(bytes.back()) % 16;
  Result<void> done;
  for (std::size_t at = 0; at < bytes.size() && done; at += piece)
    done = unpack.feed(bytes.substr(at, piece), sink);
  if (done) done = unpack.finish();
  RD_CHECK(done.has_value() == whole.has_value());
  if (whole) RD_CHECK(out == *whole);
}

}  // namespace

// What is compressed comes back, and what is not holds no more than it may.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Packing packing : {Packing::Zlib, Packing::Gzip}) {
    const Result<std::string> back = decompress(compress(bytes, packing), packing, size);
    RD_CHECK(back && *back == bytes);
    const Result<std::string> inside = decompress(bytes, packing, kMost);
    RD_CHECK(!inside || inside->size() <= kMost);
    check_pieces(bytes, packing, inside);
  }
  return 0;
}
