#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/arena.h"
#include "doc/json.h"

namespace redoubt::doc {
namespace {

std::string written(std::string_view text, bool indent = false) {
  JsonWriter json(indent);
  json.begin_object().key("k").text(text).end_object();
  return json.take();
}

// Every byte that JSON must escape, at every place of a block that is looked at in one piece.
TEST(JsonWrite, TextReadsBackWhateverByteStandsWhere) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 128; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        Arena arena;
        const Result<Value> read = parse_json(arena, written(text));
        ASSERT_TRUE(read) << byte << " at " << at;
        ASSERT_EQ(read->find_any_case("k")->as_string(), text);
      }
    }
  }
}

TEST(JsonWrite, ControlCharactersAreEscaped) {
  EXPECT_EQ(written("\x1a\x1f\n\"\\"), R"({"k":"\u001A\u001F\n\"\\"})");
  EXPECT_EQ(written("\x7f{}"), "{\"k\":\"\x7f{}\"}");
}

TEST(JsonWrite, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(written("a\xff"
                    "b"),
            "{\"k\":\"a\xef\xbf\xbd"
            "b\"}");
}

TEST(JsonWrite, RawJsonKeepsTheCommasRight) {
  JsonWriter json;
  json.begin_array().raw("{\"a\":1}").text("b").raw("[]").end_array();
  EXPECT_EQ(json.take(), R"([{"a":1},"b",[]])");
  EXPECT_EQ(written("plain", true), "{\n  \"k\": \"plain\"\n}");
}

TEST(JsonWrite, ASinkGetsTheSameTextPieceByPiece) {
  const auto write = [](JsonWriter& json) {
    json.begin_array();
    for (int i = 0; i < 20'000; ++i)
      json.begin_object().key("name").text(std::to_string(i)).end_object();
    json.end_array();
  };
  for (const bool indent : {false, true}) {
    JsonWriter whole(indent);
    write(whole);
    std::string text;
    int pieces = 0;
    std::size_t longest = 0;
    JsonWriter json(indent, [&](std::string_view piece) {
      text += piece;
      longest = std::max(longest, piece.size());
      ++pieces;
    });
    write(json);
    json.finish();
    EXPECT_EQ(text, whole.take());
    EXPECT_GT(pieces, 3);
    EXPECT_LT(longest, 100'000U);
  }
}

}  // namespace
}  // namespace redoubt::doc
