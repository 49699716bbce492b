#include "files/text_input.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "core/hash.h"

namespace redoubt::files {
namespace {

// gzip -n of "line one\nline two\n" twice, as two members; of nothing.
constexpr std::string_view kTwoMembers =
    "H4sIAAAAAAACA8vJzEtVyM9L5coBMUrK87kAi9f0dRIAAAAfiwgAAAAAAAIDy8nMS1XIz0vlygExSsrzuQCL1/R1EgAAAA==";
constexpr std::string_view kNothing = "H4sIAAAAAAACAwMAAAAAAAAAAAA=";

std::string read(const std::string& bytes, const TextLimits& limits = {}) {
  std::istringstream stream(bytes);
  const auto input = TextInput::of_stream(stream, "t", limits);
  std::string out;
  for (;;) {
    const Result<std::string_view> piece = input->next();
    if (!piece) return out + "!" + piece.error().code;
    if (piece->empty()) return out;
    out += *piece;
  }
}

std::string with_zeros(std::string_view ascii) {
  std::string out;
  for (const char c : ascii)
    out += std::string(1, c) + std::string(1, '\0');
  return out;
}

TEST(TextInput, Plain) {
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("a"), "a");
  EXPECT_EQ(read("abcdefgh", {.piece_bytes = 3}), "abcdefgh");
  EXPECT_EQ(read("\xff"), "\xff");
}

TEST(TextInput, Utf8MarkIsNoText) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "a"),
            "a");
  EXPECT_EQ(read("\xef\xbb\xbf"), "");
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "abc",
                 {.piece_bytes = 3}),
            "abc");
  EXPECT_EQ(read("a\xef\xbb\xbf"), "a\xef\xbb\xbf");
}

TEST(TextInput, Utf16) {
  const std::string pair("\x3d\xd8\x00\xde", 4);  // U+1F600
  EXPECT_EQ(read("\xff\xfe" + with_zeros("a,b\r\n") + pair), "a,b\r\n\xf0\x9f\x98\x80");
  EXPECT_EQ(read(std::string("\xfe\xff\0a\0b", 6)), "ab");
  EXPECT_EQ(read("\xff\xfe"), "");
  for (std::size_t piece = 3; piece < 8; ++piece)
    EXPECT_EQ(read("\xff\xfe" + pair + with_zeros("x") + pair, {.piece_bytes = piece}),
              "\xf0\x9f\x98\x80x\xf0\x9f\x98\x80");
  EXPECT_EQ(read(std::string("\xff\xfe\x3d\xd8"
                             "a\0",
                             6)),
            "\xef\xbf\xbd"
            "a");
  EXPECT_EQ(read(std::string("\xff\xfe\x00\xde", 4)), "\xef\xbf\xbd");
}

// The other half of its last character is missing.
TEST(TextInput, Utf16ThatEndsTooEarly) {
  EXPECT_EQ(read("\xff\xfe"
                 "a"),
            "!FIL0004");
  for (std::size_t piece = 3; piece < 8; ++piece)
    EXPECT_EQ(read("\xfe\xff" + std::string("\0a\0b\0", 5), {.piece_bytes = piece}), "ab!FIL0004");
}

TEST(TextInput, Gzip) {
  const std::string packed = *base64_decode(kTwoMembers);
  EXPECT_EQ(read(packed), "line one\nline two\nline one\nline two\n");
  EXPECT_EQ(read(packed, {.piece_bytes = 5}), "line one\nline two\nline one\nline two\n");
  EXPECT_EQ(read(*base64_decode(kNothing)), "");
}

TEST(TextInput, DamagedGzip) {
  const std::string packed = *base64_decode(kTwoMembers);
  for (const std::size_t size : {2U, 12U, 20U, 30U, 40U})
    EXPECT_NE(read(packed.substr(0, size)).find("!FIL0004"), std::string::npos) << size;
  EXPECT_EQ(read(packed + std::string(3, '\0')), "line one\nline two\nline one\nline two\n");
  EXPECT_NE(read(packed + "more").find("!FIL0004"), std::string::npos);
  std::string wrong = packed;
  wrong[14] = static_cast<char>(~wrong[14]);
  EXPECT_NE(read(wrong).find("!FIL0004"), std::string::npos);
}

TEST(TextInput, Limit) {
  EXPECT_EQ(read("12345", {.max_bytes = 5}), "12345");
  EXPECT_EQ(read("123456", {.max_bytes = 5}), "!FIL0003");
  EXPECT_EQ(read(*base64_decode(kTwoMembers), {.max_bytes = 30}), "!FIL0003");
}

TEST(TextInput, PeekTakesNothing) {
  std::istringstream stream("ab");
  const auto input = TextInput::of_stream(stream, "t");
  EXPECT_EQ(*input->peek(), "ab");
  EXPECT_EQ(*input->peek(), "ab");
  EXPECT_EQ(*input->next(), "ab");
  EXPECT_EQ(*input->peek(), "");
  EXPECT_EQ(*input->next(), "");
  EXPECT_EQ(input->bytes_read(), 2U);
}

TEST(TextInput, Missing) {
  EXPECT_EQ(TextInput::open("nowhere").error().code, "DOC0001");
  EXPECT_EQ(TextInput::open(".").error().code, "DOC0001");
}

}  // namespace
}  // namespace redoubt::files
