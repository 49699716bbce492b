#include "core/compression.h"

#include <gtest/gtest.h>

#include "core/hash.h"

namespace redoubt {
namespace {

TEST(Compression, TextsComeBack) {
  std::string large;
  for (std::int64_t i = 0; i < 50'000; ++i)
    large += std::to_string(i * i);
  for (const std::string& text : {std::string(), std::string("a"), std::string(70'000, 'x'), large})
    for (const Packing packing : {Packing::Zlib, Packing::Gzip}) {
      const Result<std::string> back = decompress(compress(text, packing), packing, text.size());
      ASSERT_TRUE(back) << text.size();
      EXPECT_EQ(*back, text);
    }
  EXPECT_LT(compress(large, Packing::Gzip).size(), large.size() / 2);
}

/// Bytes that do not repeat, longer than a block of them may be.
TEST(Compression, WhatCannotBeCompressedStandsAsItIs) {
  std::string bytes;
  for (int i = 0; bytes.size() < 150'000; ++i)
    bytes += sha256_hex(std::to_string(i));
  std::string noise;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    noise += static_cast<char>(std::stoi(bytes.substr(i, 2), nullptr, 16));
  const std::string packed = compress(noise, Packing::Zlib);
  EXPECT_EQ(packed.size(), noise.size() + 2 + 2 * 5 + 4);
  EXPECT_EQ(*decompress(packed, Packing::Zlib, noise.size()), noise);
}

TEST(Compression, LimitsHold) {
  const std::string packed = compress(std::string(1'000'000, 'x'), Packing::Zlib);
  EXPECT_TRUE(decompress(packed, Packing::Zlib, 1'000'000));
  const Result<std::string> over = decompress(packed, Packing::Zlib, 999'999);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, "CORE0203");
  EXPECT_EQ(over.error().kind, Error::Kind::Limit);
}

TEST(Compression, DamageIsTold) {
  const std::string packed = compress("some text", Packing::Gzip);
  for (std::size_t size = 0; size < packed.size(); ++size)
    EXPECT_EQ(decompress(packed.substr(0, size), Packing::Gzip, 100).error().code, "CORE0202") << size;
  EXPECT_FALSE(decompress(packed + "x", Packing::Gzip, 100));
  EXPECT_FALSE(decompress(packed, Packing::Zlib, 100));
}

std::string in_pieces(std::string_view packed, std::size_t size) {
  Decompressor unpack(Packing::Gzip);
  std::string out;
  const Decompressor::Sink sink = [&](std::string_view part) -> Result<void> {
    out += part;
    return {};
  };
  for (std::size_t at = 0; at < packed.size(); at += size)
    if (const Result<void> done = unpack.feed(packed.substr(at, size), sink); !done) return done.error().code;
  return unpack.finish() ? out : "cut off";
}

TEST(Compression, ComesInPieces) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i)
    bytes += std::to_string(i * 7);
  const std::string packed = compress(bytes, Packing::Gzip);
  for (const std::size_t size : {std::size_t{1}, std::size_t{1'000}, packed.size()})
    EXPECT_EQ(in_pieces(packed, size), bytes) << size;
  EXPECT_EQ(in_pieces(compress("", Packing::Gzip), 1), "");
  EXPECT_EQ(in_pieces(packed.substr(0, packed.size() - 1), 100), "cut off");
  EXPECT_EQ(in_pieces(packed + "x", 100), "CORE0202");
  EXPECT_EQ(in_pieces("no gzip at all", 3), "CORE0202");
}

TEST(Compression, EndsWithWhatTheSinkFailsWith) {
  Decompressor unpack(Packing::Gzip);
  const Decompressor::Sink sink = [](std::string_view) -> Result<void> {
    return fail(Error::Kind::Io, "TEST", "full");
  };
  EXPECT_EQ(unpack.feed(compress("x", Packing::Gzip), sink).error().code, "TEST");
  EXPECT_EQ(unpack.feed("x", sink).error().code, "CORE0202");
}

}  // namespace
}  // namespace redoubt
