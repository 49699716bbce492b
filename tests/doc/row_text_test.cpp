#include "doc/row_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "doc/json.h"

namespace redoubt::doc {
namespace {

constexpr std::string_view kKeys[] = {"data", "value"};
constexpr std::string_view kNone = "none";

/// The rows with `|` between; behind them the envelope where there is one, and `lines` of JSON Lines.
std::string split(std::string_view text, const KnownRowSize& known = {}) {
  const std::optional<RowText> found = split_rows(text, kKeys, known);
  if (!found) return std::string(kNone);
  std::string out;
  for (const RowSpan row : found->rows)
    out += std::string(out.empty() ? "" : "|") + std::string(text.substr(row.offset, row.size));
  if (!found->envelope.empty()) out += " in " + found->envelope;
  if (found->lines) out += " lines";
  return out;
}

TEST(SplitRows, Lists) {
  EXPECT_EQ(split(R"([{"a":1}, {"b":[{}]}])"), R"({"a":1}|{"b":[{}]})");
  EXPECT_EQ(split("[]"), "");
  EXPECT_EQ(split(" [ ] \n"), "");
  EXPECT_EQ(split("\xef\xbb\xbf[{}]"), "{}");
  EXPECT_EQ(split("[\r\n  {\r\n    \"a\": 1\r\n  },\r\n  {}\r\n]\r\n"), "{\r\n    \"a\": 1\r\n  }|{}");
}

TEST(SplitRows, Pages) {
  EXPECT_EQ(split(R"({"count":1,"data":[{"a":1}],"skip_token":null})"),
            R"({"a":1} in {"count":1,"data":[],"skip_token":null})");
  EXPECT_EQ(split(R"({"VALUE":[{}]})"), R"({} in {"VALUE":[]})");
  EXPECT_EQ(split(R"({"Data":[]})"), R"( in {"Data":[]})");
  EXPECT_EQ(split(R"({"data":[{}],"x":{"data":[1,"]"]},"y":"}","z":-1.5e3})"),
            R"({} in {"data":[],"x":{"data":[1,"]"]},"y":"}","z":-1.5e3})");
  EXPECT_EQ(split("\xef\xbb\xbf{\r\n \"data\" : [ {} ]\r\n}\r\n"), "{} in {\r\n \"data\" : []\r\n}\r\n");
}

TEST(SplitRows, Lines) {
  EXPECT_EQ(split("{\"a\":1}\n{\"b\":2}\n"), R"({"a":1}|{"b":2} lines)");
  EXPECT_EQ(split("{\"a\":1}\r\n\r\n {\"b\":2} \t"), R"({"a":1}|{"b":2} lines)");
  EXPECT_EQ(split("\xef\xbb\xbf{}\n{}"), "{}|{} lines");
  EXPECT_EQ(split("{}"), "{} lines");
}

TEST(SplitRows, OneObjectInSeveralLinesIsOneRow) {
  EXPECT_EQ(split("{\n\"a\":1\n}\n"), "{\n\"a\":1\n}");
  EXPECT_EQ(split("{\n\"a\":1\n}\n{}"), kNone);
  EXPECT_EQ(split("{}\n{\n}"), kNone);
}

// The byte behind a row is overwritten while another thread may read the next one.
TEST(SplitRows, NoRowBeginsWhereAnotherEnds) {
  EXPECT_EQ(split("{}{}"), kNone);
  EXPECT_EQ(split("{} {}"), kNone);
  EXPECT_EQ(split("[{}{}]"), kNone);
}

TEST(SplitRows, Texts) {
  EXPECT_EQ(split(R"([{"a":"}]{["},{}])"), R"({"a":"}]{["}|{})");
  EXPECT_EQ(split(R"([{"a":"\"}"},{}])"), R"({"a":"\"}"}|{})");
  EXPECT_EQ(split(R"([{"a":"\\"},{}])"), R"({"a":"\\"}|{})");
  EXPECT_EQ(split(R"([{"a":"\\\"}"},{}])"), R"({"a":"\\\"}"}|{})");
  EXPECT_EQ(split(R"([{"\\\\":"/*"},{"//":1}])"), R"({"\\\\":"/*"}|{"//":1})");
  EXPECT_EQ(split(R"([{"a":""}])"), R"({"a":""})");
}

TEST(SplitRows, CommentsAndTrailingCommas) {
  for (const std::string_view text : {"[{},]", "[{}, // more\n{}]", "[{/* */}]", "/* */[{}]", "[{}]/* */",
                                      R"({"data":[{}]} // end)", R"({"n":1 /* , "data":[{}], "x":1 */})"})
    EXPECT_EQ(split(text), kNone) << text;
}

TEST(SplitRows, RowsThatAreNoObjects) {
  for (const std::string_view text : {"[1]", "[{},1]", "[[{}]]", R"(["{}"])", "[null]"})
    EXPECT_EQ(split(text), kNone) << text;
}

TEST(SplitRows, SeveralListsAndWhatStandsBehindOne) {
  for (const std::string_view text : {R"({"data":[{}],"value":[{}]})", R"({"data":[{}],"DATA":[]})",
                                      R"({"data":[{}]}{})", "[{}][{}]", "[{}]]", "[{}]\n{}"})
    EXPECT_EQ(split(text), kNone) << text;
}

// What it is says a reader who knows rows.
TEST(SplitRows, AnObjectThatIsNoPageIsOneRow) {
  for (const std::string_view text : {R"({"data":{},"value":[{}]})", R"({"data":null})",
                                      R"({"d\u0061ta":[{}],"value":[{}]})", R"({"x":[{}]})"})
    EXPECT_EQ(split(text), std::string(text) + " lines");
}

TEST(SplitRows, TextsThatEndTooEarly) {
  const std::string_view whole = R"({"count":1,"data":[{"a":"x\"y"},{"b":[1]}],"x":{"y":"z"}})";
  ASSERT_NE(split(whole), kNone);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(split(whole.substr(0, size)), kNone) << whole.substr(0, size);
  EXPECT_EQ(split(""), kNone);
  EXPECT_EQ(split("\xef\xbb\xbf"), kNone);
  EXPECT_EQ(split("{}\n{\"a\":"), kNone);
}

TEST(SplitRows, ANulEndsNoText) {
  EXPECT_EQ(split(std::string_view("[{}]\0[", 6)), kNone);
  EXPECT_EQ(split(std::string_view("{\"data\":[{}]}\0", 14)), kNone);
  EXPECT_EQ(split(std::string_view("{}\n\0", 4)), kNone);
}

TEST(SplitRows, BracketsThatDoNotFitAreTheRowsMistake) {
  EXPECT_EQ(split("[{]]"), "{]");
  Sources sources;
  Arena arena;
  const std::uint32_t file = sources.add("rows", "[{]]");
  EXPECT_EQ(read_json_row(sources, file, {1, 2}, arena).error().text(),
            "rows:1:3: error DOC0101: not JSON: Missing a name for object member");
}

TEST(SplitRows, RowsWhoseSizeIsKnownAreNotLookedInto) {
  std::string asked;
  const std::string out = split("[{\"a\"/},{}]", [&](std::size_t offset, std::span<const RowSpan> before) {
    asked += std::to_string(offset) + ":" + std::to_string(before.size()) + " ";
    return offset == 1 ? 6U : 0U;
  });
  EXPECT_EQ(out, R"({"a"/}|{})");
  EXPECT_EQ(asked, "1:0 8:1 ");
}

TEST(ReadJsonRow, RowsAtTheVeryEndAndTheirPlaces) {
  Sources sources;
  Arena arena;
  const std::string text = "{\"a\":\"\\u00e9\"}\n{\"b\":[1,2]}";
  const std::uint32_t file = sources.add("rows", text);
  const std::optional<RowText> found = split_rows(text, kKeys);
  ASSERT_TRUE(found.has_value());
  std::string out;
  for (const RowSpan row : found->rows) {
    const Result<Reading<Value>> read = read_json_row(sources, file, row, arena);
    ASSERT_TRUE(read.has_value());
    out += to_json(read->value) + "@" + sources.where(read->value.members()[0].value.place()).text() + " ";
  }
  EXPECT_EQ(out, "{\"a\":\"\xc3\xa9\"}@rows:1:6 {\"b\":[1,2]}@rows:2:6 ");
}

TEST(ReadJson, NothingMayStandBehindANul) {
  Sources sources;
  const std::string text("[1]\0 [2]", 8);
  const Result<Reading<Document>> read = read_json(sources, "a.json", text);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().text(),
            "a.json:1:4: error DOC0101: not JSON: The document root must not be followed by other values");
  Arena arena;
  EXPECT_FALSE(parse_json(arena, std::string_view("1\0", 2)).has_value());
  const Reading<LineDocument> lines = read_json_lines(sources, "lines", std::string("{}\0x\n{}", 7));
  EXPECT_EQ(lines.value.rows.size(), 1U);
  EXPECT_EQ(lines.diagnostics.size(), 1U);
}

}  // namespace
}  // namespace redoubt::doc
