#include "core/hash.h"

#include <gtest/gtest.h>

namespace redoubt {
namespace {

// The examples of FIPS 180-4 and RFC 4648.
TEST(Hash, Sha256OfTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, Sha1OfTheStandardsExample) {
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

// RFC 9562, A.4: the name of a host in the namespace of host names.
TEST(Hash, NameUuidOfTheStandardsExample) {
  constexpr std::string_view kHosts("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8", 16);
  EXPECT_EQ(name_uuid(kHosts, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(Hash, HexHasTwoDigitsAByte) { EXPECT_EQ(hex(std::string_view("\0\x7f\xff", 3)), "007fff"); }

TEST(Base64, EncodesTheStandardsExamples) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, EveryByteReadsBack) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(base64_decode(base64_encode(bytes)).value(), bytes);
    bytes += static_cast<char>(i * 7);
  }
}

}  // namespace
}  // namespace redoubt
