#include "doc/json_rows.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

namespace redoubt::doc {
namespace {

constexpr std::string_view kKeys[] = {"value", "data"};

class JsonRows : public ::testing::Test {
 protected:
  ~JsonRows() override { std::filesystem::remove(path_); }

  /// `value@line:column`, a row each, with a blank between; errors as their codes.
  std::string read(const std::string& text, const JsonRowLimits& limits = {}) {
    std::ofstream(path_, std::ios::binary) << text;
    std::string out;
    const Result<void> done = read_json_rows(
        path_, kKeys,
        [&](const Result<Value>& row, const Where& where) {
          out += (row ? to_json(*row) : row.error().code) + "@" + std::to_string(where.line) + ":" +
                 std::to_string(where.column) + " ";
          EXPECT_EQ(where.file, path_);
        },
        limits);
    if (!done) out += done.error().code + "!" + std::to_string(done.error().where.line);
    place_ = done ? std::string() : done.error().where.text();
    return out;
  }

  std::string place_;  // of the last error
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("redoubt_json_rows_" + std::to_string(::getpid()))).string();
};

TEST_F(JsonRows, forms) {
  EXPECT_EQ(read(R"([{"a":1}, {"a":[2,{}]}])"), R"({"a":1}@1:2 {"a":[2,{}]}@1:11 )");
  EXPECT_EQ(read("{\"x\":{\"value\":[9]},\"Value\":[{\"a\":1},\n{\"a\":2}],\"y\":[3]}"),
            R"({"a":1}@1:29 {"a":2}@2:1 )");
  EXPECT_EQ(read("{\"a\":1}\n\n{\"a\":2}\n"), R"({"a":1}@1:1 {"a":2}@3:1 )");
  EXPECT_EQ(read("{\"a\":1}\r\n{\"a\r\n{\"a\":2}"), R"({"a":1}@1:1 DOC0101@2:1 {"a":2}@3:1 )");
  EXPECT_EQ(read("{\n\"a\":1\n}"), R"({"a":1}@1:1 )");
  EXPECT_EQ(read(R"([{"value":[{"a":1}]}, {"value":[]}, {"a":2}])"), R"({"a":1}@1:2 {"a":2}@1:37 )");
  EXPECT_EQ(read("[]"), "");
  EXPECT_EQ(read(""), "");
}

TEST_F(JsonRows, a_list_of_other_things_makes_no_page) {
  EXPECT_EQ(read(R"({"name":"cpu","value":[1,2]}
{"name":"disk","value":[{"a":1}]}
{"name":"net","value":["x"]})"),
            R"({"name":"cpu","value":[1,2]}@1:1 {"a":1}@2:1 {"name":"net","value":["x"]}@3:1 )");
  EXPECT_EQ(read(R"({"x":1, "value" : [ ], "data":[{"a":1}]})"), R"({"a":1}@1:32 )");
  EXPECT_EQ(read(R"({"value":[[{"a":1}]]})"), R"({"value":[[{"a":1}]]}@1:1 )");
}

TEST_F(JsonRows, rows_that_are_no_objects) {
  EXPECT_EQ(read(R"([1, "a,]b", null, [2], true])"), R"(1@1:2 "a,]b"@1:5 null@1:13 [2]@1:19 true@1:24 )");
}

TEST_F(JsonRows, pieces_of_any_size_give_the_same_rows_and_places) {
  for (const std::string& text :
       {std::string("\xef\xbb\xbf[{\"a\":1},\n {\"b\":\"\\\"}\"}, 5]"),
        std::string("{\"x\":1,\"Value\":[{},\n{}"), std::string("{\"a\":1}\n{\"b\n{}\n"),
        std::string("{\"a\":1},\n{} ,\r\n{\"b\":\"\\\""), std::string("[{}\n,{\"a\"")}) {
    JsonRowLimits limits;
    const std::string whole = read(text, limits) + place_;
    for (limits.chunk_bytes = 1; limits.chunk_bytes < 9; ++limits.chunk_bytes)
      EXPECT_EQ(read(text, limits) + place_, whole) << text;
  }
  read("[{}");
  EXPECT_EQ(place_, path_ + ":1:4");
}

TEST_F(JsonRows, brackets_and_quotes_in_texts) {
  EXPECT_EQ(read(R"([{"a":"}]\"{["},{"b":"\\"}])"), R"({"a":"}]\"{["}@1:2 {"b":"\\"}@1:17 )");
}

TEST_F(JsonRows, broken) {
  EXPECT_EQ(read("[{\"a\":1},\n{\"a\""), R"({"a":1}@1:2 DOC0101!2)");
  EXPECT_EQ(read("text"), "DOC0101!1");
  EXPECT_EQ(read("[{}"), "{}@1:2 DOC0101!1");
  EXPECT_EQ(read("[]]"), "DOC0101!1");
  EXPECT_EQ(read(R"([{"a":1]},{"b":2}])"), R"(DOC0101@1:2 DOC0101@1:9 {"b":2}@1:11 )");
  EXPECT_EQ(read("[{\"a\":\"\xff\"},{\"b\":2}]"), "DOC0102@1:2 {\"b\":2}@1:12 ");
  EXPECT_EQ(read(std::string(100'000, '[')), "DOC0101!1");
}

// Behind the last line there is no line break, and its brackets or quotes are open.
TEST_F(JsonRows, lines_that_end_too_early) {
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":\"2"), R"({"a":1}@1:1 DOC0101!2)");
  EXPECT_EQ(place_, path_ + ":2:8");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":[2"), R"({"a":1}@1:1 DOC0101!2)");
  EXPECT_EQ(read("{\"a\":1},\n {"), R"({"a":1}@1:1 DOC0101!2)");
  EXPECT_EQ(read("{\"a\":1}, {"), R"({"a":1}@1:1 DOC0101!1)");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":\"2\n"), R"({"a":1}@1:1 DOC0101@2:1 )");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\" 2}"), R"({"a":1}@1:1 DOC0101@2:1 )");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":2} "), R"({"a":1}@1:1 {"a":2}@2:1 )");
  EXPECT_EQ(read("{\"a\":1}\ntext"), R"({"a":1}@1:1 DOC0101@2:1 )");
}

TEST_F(JsonRows, lines_may_end_in_a_comma) {
  EXPECT_EQ(read("{\"a\":1},\n{\"a\":2} ,\r\n{\"a\":3}\n"), R"({"a":1}@1:1 {"a":2}@2:1 {"a":3}@3:1 )");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":2},"), R"({"a":1}@1:1 {"a":2}@2:1 )");
  EXPECT_EQ(read("{\"a\":1}\n{\"a\":2,\n{\"a\":3},,\n"), R"({"a":1}@1:1 DOC0101@2:1 DOC0101@3:1 )");
}

TEST_F(JsonRows, limits) {
  JsonRowLimits limits;
  limits.max_row_bytes = 9;
  EXPECT_EQ(read(R"([{"a":123},{"a":1234}])", limits), R"({"a":123}@1:2 DOC0103!1)");
  limits = {};
  limits.row.max_depth = 2;
  EXPECT_EQ(read(R"([{"a":[]},{"a":[[]]},{"a":1}])", limits), R"({"a":[]}@1:2 DOC0103@1:11 {"a":1}@1:22 )");
}

TEST_F(JsonRows, rows_longer_than_a_chunk) {
  const std::string long_text(3'000'000, 'x');
  const std::string row = "{\"a\":\"" + long_text + "\"}";
  EXPECT_EQ(read("[\n" + row + ",\n" + row + "]"), row + "@2:1 " + row + "@3:1 ");
  EXPECT_EQ(read(row + "\n" + row), row + "@1:1 " + row + "@2:1 ");
}

TEST_F(JsonRows, missing) {
  const Result<void> done = read_json_rows("nowhere.json", kKeys, [](const Result<Value>&, const Where&) {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "DOC0001");
  EXPECT_FALSE(read_json_rows(".", kKeys, [](const Result<Value>&, const Where&) {}));
}

}  // namespace
}  // namespace redoubt::doc
