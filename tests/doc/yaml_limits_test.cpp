#include <gtest/gtest.h>

#include <string>

#include "doc/yaml.h"

namespace redoubt::doc {
namespace {

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += part;
  return out;
}

// What the reader says: `ok`, or code, place and message of the error.
std::string outcome(std::string text, const YamlLimits& limits = {}) {
  Sources sources;
  const Result<Reading<Document>> read = read_yaml(sources, "a.yaml", std::move(text), limits);
  if (read) return "ok";
  return read.error().code + " " + read.error().where.text() + " " + read.error().message;
}

TEST(YamlLimits, Bytes) {
  EXPECT_EQ(outcome("a: 1\n", {.max_bytes = 5}), "ok");
  EXPECT_EQ(outcome("a: 1\n", {.max_bytes = 4}), "DOC0103 a.yaml larger than 4 bytes");
}

TEST(YamlLimits, Depth) {
  EXPECT_EQ(outcome("a: [{b: 1}]", {.max_depth = 3}), "ok");
  EXPECT_EQ(outcome("a: [{b: 1}]", {.max_depth = 2}), "DOC0103 a.yaml:1:5 nested deeper than 2 levels");
  EXPECT_EQ(outcome(repeat("[", 512) + repeat("]", 512)), "ok");
  EXPECT_EQ(outcome(repeat("[", 513) + repeat("]", 513)),
            "DOC0103 a.yaml:1:513 nested deeper than 512 levels");
}

TEST(YamlLimits, DepthThroughAliases) {
  const std::string text = "- &a [[1]]\n- [*a]\n";
  EXPECT_EQ(outcome(text, {.max_depth = 4}), "ok");
  EXPECT_EQ(outcome(text, {.max_depth = 3}),
            "DOC0103 a.yaml:2:4 nested deeper than 3 levels, through this alias");
  std::string chain = "- &a0 [x]\n";
  for (int i = 1; i < 600; ++i)
    chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  EXPECT_EQ(outcome(chain), "DOC0103 a.yaml:512:10 nested deeper than 512 levels, through this alias");
}

TEST(YamlLimits, Nodes) {
  EXPECT_EQ(outcome("[1, 2, [3]]", {.max_nodes = 5}), "ok");
  EXPECT_EQ(outcome("[1, 2, [3]]", {.max_nodes = 4}), "DOC0103 a.yaml:1:11 more than 4 values");
}

TEST(YamlLimits, NodesOfAliases) {
  const std::string text = "- &a [1, 2]\n- *a\n- *a\n";
  EXPECT_EQ(outcome(text, {.max_alias_nodes = 4}), "ok");
  EXPECT_EQ(outcome(text, {.max_alias_nodes = 3}), "DOC0103 a.yaml:3:3 aliases stand for more than 3 values");
}

TEST(YamlLimits, BillionLaughs) {
  std::string text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    text +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias + repeat(", " + alias, 9) + "]\n";
  }
  EXPECT_EQ(outcome(text), "DOC0103 a.yaml:6:45 aliases stand for more than 1000000 values");
}

TEST(YamlLimits, MergesCountWhatTheyCopy) {
  std::string text = "- &a {";
  for (int i = 0; i < 1000; ++i)
    text += "k" + std::to_string(i) + ": 1, ";
  text += "}\n" + repeat("- {<<: *a}\n", 2000);
  EXPECT_EQ(outcome(text), "DOC0103 a.yaml:1002:8 aliases stand for more than 1000000 values");
}

TEST(YamlLimits, BlanksInARow) {
  const auto run = [](std::size_t blanks) { return "a: \"x" + std::string(blanks, ' ') + "y\"\n"; };
  EXPECT_EQ(outcome(run(8), {.max_blanks = 8}), "ok");
  EXPECT_EQ(outcome(run(9), {.max_blanks = 8}),
            "DOC0103 a.yaml:1:6 more than 8 blanks and line breaks in a row");
  EXPECT_EQ(outcome("a: |\n" + repeat(" \n", 4) + " x\n", {.max_blanks = 8}),
            "DOC0103 a.yaml:1:5 more than 8 blanks and line breaks in a row");
  EXPECT_EQ(outcome("a: 'x" + repeat("\xe2\x80\xa8", 4) + "'", {.max_blanks = 8}),
            "DOC0103 a.yaml:1:6 more than 8 blanks and line breaks in a row");
  for (std::size_t start = 0; start < 40; ++start) {
    const std::string text = "a: " + std::string(start, 'x') + "\"" + std::string(9, ' ') + "\"";
    EXPECT_TRUE(outcome(text, {.max_blanks = 8}).ends_with("in a row")) << start;
  }
}

TEST(YamlLimits, TagDirectives) {
  const auto lines = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += "%TAG !e" + std::to_string(i) + "! tag:x\n";
    return text + "--- a %TAG b\n";
  };
  EXPECT_EQ(outcome(lines(64)), "ok");
  EXPECT_EQ(outcome(lines(65)),
            "DOC0103 a.yaml:65:1 more than 64 %TAG directives, or one of more than 1024 bytes");
  EXPECT_EQ(outcome("%TAG !e! tag:" + std::string(2000, 'x') + "\n--- !e!x a\n"),
            "DOC0103 a.yaml:1:1 more than 64 %TAG directives, or one of more than 1024 bytes");
}

// A megabyte each of what costs careless readers minutes, memory or the stack.
TEST(YamlLimits, HostileMegabytes) {
  constexpr std::size_t kMega = 1'000'000;
  EXPECT_EQ(outcome(repeat("[", kMega)), "DOC0103 a.yaml:1:513 nested deeper than 512 levels");
  EXPECT_EQ(outcome(repeat("[\n", kMega / 2)), "DOC0103 a.yaml:513:1 nested deeper than 512 levels");
  EXPECT_EQ(outcome(repeat("- ", kMega / 2)), "DOC0103 a.yaml:1:1025 nested deeper than 512 levels");
  EXPECT_EQ(outcome(repeat("? ", kMega / 2)), "DOC0203 a.yaml:1:3 a mapping key must be a text or a number");
  EXPECT_EQ(outcome(repeat("{a: ", kMega / 4)), "DOC0103 a.yaml:1:2049 nested deeper than 512 levels");
  EXPECT_EQ(outcome(repeat("a: ", kMega / 3)),
            "DOC0201 a.yaml:1:5 not YAML: mapping values are not allowed in this context");
  EXPECT_EQ(outcome(std::string(kMega, 'x') + ": a"),
            "DOC0201 a.yaml:1:1000001 not YAML: mapping values are not allowed in this context");
  EXPECT_EQ(outcome("&" + std::string(kMega, 'a') + " x"), "ok");
  EXPECT_EQ(outcome("- &a x\n" + repeat("- *a\n", kMega / 5)), "ok");
  EXPECT_EQ(outcome("- &a [x]\n" + repeat("- {? *a : 1}\n", kMega / 13)),
            "DOC0203 a.yaml:2:6 a mapping key must be a text or a number");
  EXPECT_EQ(outcome(repeat("[", 500) + repeat("a,", kMega / 2) + repeat("]", 500)), "ok");
  std::string anchors;
  for (std::size_t i = 0; i < kMega / 10; ++i)
    anchors += "- &a" + std::to_string(i) + "\n";
  EXPECT_EQ(outcome(anchors), "ok");
  std::string keys;
  for (std::size_t i = 0; i < kMega / 10; ++i)
    keys += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(outcome(keys), "ok");
  EXPECT_EQ(outcome(repeat("- !x 1\n", kMega / 7)), "ok");
  EXPECT_EQ(outcome(repeat("a: 1\n", kMega / 5)), "ok");
}

TEST(YamlLimits, LongNamesAreCutInMessages) {
  EXPECT_EQ(outcome("*" + std::string(100'000, 'a')).size(),
            std::string("DOC0204 a.yaml:1:1 no anchor stands before this alias: ").size() + 63);
}

}  // namespace
}  // namespace redoubt::doc
