#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/compression.h"

using namespace redoubt;

// What is compressed comes back, and what is not holds no more than it may.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMost = 1U << 16U;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const Packing packing : {Packing::Zlib, Packing::Gzip}) {
    const Result<std::string> back = decompress(compress(bytes, packing), packing, size);
    RD_CHECK(back && *back == bytes);
    const Result<std::string> inside = decompress(bytes, packing, kMost);
    RD_CHECK(!inside || inside->size() <= kMost);
  }
  return 0;
}
