#include "store/native.h"

#include <gtest/gtest.h>

#include <string>

#include "render.h"
#include "testing/cases.h"
#include "testing/escapes.h"

namespace redoubt::store {
namespace {

constexpr NativeLimits kSmall = {
    .max_columns = 4, .max_rows = 300, .max_name_bytes = 64, .max_block_bytes = 4'096};

/// What becomes of bytes that come in pieces of `size`.
std::string decode(std::string_view bytes, std::size_t size) {
  std::string out;
  NativeDecoder decoder(kSmall);
  const BlockSink sink = [&](const Block& block) -> Result<void> {
    out += to_text(block);
    return {};
  };
  Result<void> done;
  for (std::size_t i = 0; i < bytes.size() && done; i += size)
    done = decoder.feed(bytes.substr(i, size), sink);
  if (done) done = decoder.finish();
  return done ? out : out + done.error().text() + "\n";
}

std::string render(std::string_view input) {
  const std::string bytes = testing::unescape(input);
  const std::string whole = decode(bytes, bytes.size() + 1);
  for (const std::size_t size : {1U, 2U, 7U})
    EXPECT_EQ(decode(bytes, size), whole) << "in pieces of " << size;
  return whole;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("StoreNative", "tests/store/cases/native", render);

TEST(StoreNative, EndsWithWhatTheSinkFailsWith) {
  const std::string two = testing::unescape(R"(\x01\x01\x01x\x05Int32\x01\x00\x00\x00)");
  NativeDecoder decoder;
  int calls = 0;
  const BlockSink sink = [&](const Block&) -> Result<void> {
    ++calls;
    return fail(Error::Kind::Usage, "TEST", "enough");
  };
  const Result<void> done = decoder.feed(two + two, sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "TEST");
  EXPECT_FALSE(decoder.feed(two, sink));
  EXPECT_FALSE(decoder.finish());
  EXPECT_EQ(calls, 1);
}

TEST(StoreNative, TakesNoMemoryForRowsThatDoNotCome) {
  // Sixteen million rows of a string, and none of them.
  const std::string head = testing::unescape(R"(\x01\x80\x80\x80\x08\x01s\x06String)");
  NativeDecoder decoder;
  const BlockSink sink = [](const Block&) -> Result<void> { return {}; };
  EXPECT_TRUE(decoder.feed(head, sink));
  const Result<void> done = decoder.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "STO0011");
}

}  // namespace
}  // namespace redoubt::store
