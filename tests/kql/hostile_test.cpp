#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kql/analysis.h"
#include "kql/completion.h"
#include "kql/format.h"
#include "kql/hover.h"
#include "kql/parser.h"
#include "kql/tree_rules.h"

namespace redoubt::kql {
namespace {

constexpr std::size_t kMany = 100'000;
constexpr std::size_t kMegabyte = std::size_t{1} << 20;

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  out.reserve(count * text.size());
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string megabyte_of(std::string_view text) { return times(kMegabyte / text.size(), text); }

/// Reads a hostile text: it ends, what comes out is sound, and memory is linear in the text. Whoever makes
/// something quadratic again waits for hours here, and ctest gives up.
Syntax read(std::string_view text) {
  Syntax syntax = parse(text);
  EXPECT_EQ(broken_rule(syntax, ParseLimits().max_problems), "") << text.substr(0, 60);
  const std::size_t bytes = syntax.arena.bytes() + syntax.tokens.capacity() * sizeof(Token) +
                            syntax.problems.capacity() * sizeof(Problem);
  EXPECT_LE(bytes, kMegabyte + 320 * text.size()) << text.substr(0, 60);
  return syntax;
}

bool is_accepted(std::string_view text) { return !read(text).has_errors(); }
bool is_too_deep(std::string_view text) {
  const Syntax syntax = read(text);
  for (const Problem& problem : syntax.problems)
    if (problem.code == "KQL0002") return true;
  return false;
}

/// Whatever was read is bound and laid out without falling over.
void is_bound(std::string_view text) {
  static const Schemas none;
  const Analysis analysis = analyze(text, none);
  EXPECT_FALSE(analysis.syntax.problems.empty());
  analysis.table_uses();
  const auto end = static_cast<std::uint32_t>(text.size());
  complete(text, end, none);
  hover(text, end / 2, none);
  EXPECT_FALSE(format(text).has_value());
}

TEST(KqlHostile, LongQueriesAreRead) {
  EXPECT_TRUE(is_accepted("T" + times(kMany, " | where a == 1")));
  EXPECT_TRUE(is_accepted("T | where a" + times(kMany, " and a == 'b'")));
  EXPECT_TRUE(is_accepted("T | where a" + times(kMany, " or a")));
  EXPECT_TRUE(is_accepted("print 1" + times(kMany, " + 1")));
  EXPECT_TRUE(is_accepted("print a" + times(kMany, ".b[0]")));
  EXPECT_TRUE(is_accepted(times(kMany, "let a = 1;") + "T"));
  EXPECT_TRUE(is_accepted("union T" + times(10'000, ", U")));
  EXPECT_TRUE(is_accepted("T" + times(10'000, " | union U")));
  EXPECT_TRUE(is_accepted("T | where a in (1" + times(kMany, ", 1") + ")"));
  EXPECT_TRUE(is_accepted("T | where a in (b)" + times(kMany, " or a in (b)")));
  EXPECT_TRUE(is_accepted("print dynamic([1" + times(kMany, ", {\"a\": 1}") + "])"));
  EXPECT_TRUE(is_accepted("T | project a" + times(kMany, ", b = c")));
  EXPECT_TRUE(is_accepted("print " + times(kMany, "'a' ")));
  EXPECT_TRUE(is_accepted(megabyte_of("// comment\n") + "T"));
  EXPECT_TRUE(is_accepted("print '" + megabyte_of("a") + "'"));
}

TEST(KqlHostile, DepthIsBounded) {
  for (const std::string_view opening : {"(",
                                         "f(",
                                         "print (",
                                         "a in (",
                                         "a in ((",
                                         "T | where a in (b | where c in (",
                                         "not(",
                                         "dynamic(",
                                         "a[",
                                         "toscalar(",
                                         "T | fork (",
                                         "T | join (",
                                         "union (",
                                         "T | partition by a (",
                                         "T | mv-apply a on (",
                                         "macro-expand T (",
                                         "let f = () { ",
                                         "let f = (a: (b: (",
                                         "T | partition by a { ",
                                         "T | __partitionby a (",
                                         "T | mv-apply a on (T | ",
                                         "declare pattern p = (a: string) { ('a') = { ",
                                         "T | make-graph a --> b with_node_id = c partitioned-by a (",
                                         "T | invoke f(",
                                         "T | evaluate f(",
                                         "T | lookup (",
                                         "materialize(",
                                         "totable(",
                                         "entity_group [",
                                         "{\"a\": ",
                                         "case(a, b, (",
                                         "facet by a with ",
                                         "facet by a with (",
                                         "datatable(a:(",
                                         "iff(a, ",
                                         "find in (f(",
                                         "a between (",
                                         "-(",
                                         "externaldata(a: long) ["})
    for (const std::string_view before : {"", "print ", "T | where "}) {
      read(std::string(before) + times(kMany, opening));
      is_bound(std::string(before) + times(2'000, opening));
    }
  for (const std::string_view opening :
       {"(", "f(", "a in (", "T | fork (", "T | join (", "union (", "let f = () { ", "T | partition by a (",
        "T | mv-apply a on (", "datatable(a:("})
    EXPECT_TRUE(is_too_deep("print " + times(kMany, opening)) || is_too_deep(times(kMany, opening)))
        << opening;
  EXPECT_TRUE(is_too_deep("print dynamic(" + times(kMany, "[")));
  EXPECT_TRUE(is_too_deep("print dynamic(" + times(kMany, "{\"a\":")));
  EXPECT_TRUE(is_too_deep("print dynamic(" + times(kMany, "[") + "1" + times(kMany, "]") + ")"));
  EXPECT_TRUE(is_too_deep("print " + times(kMany, "(") + "1" + times(kMany, ")")));
  EXPECT_FALSE(is_too_deep("print " + times(200, "(") + "1" + times(200, ")")));
}

TEST(KqlHostile, MuchOfOneThing) {
  for (const std::string_view text : {"[",
                                      "]",
                                      "{",
                                      "}",
                                      "(",
                                      ")",
                                      "-",
                                      "--",
                                      "*",
                                      "'",
                                      "\"",
                                      "`",
                                      "```",
                                      "~~~",
                                      "'a",
                                      "\\",
                                      "'\\",
                                      "@'",
                                      "h'",
                                      "|",
                                      "| ",
                                      ";",
                                      ",",
                                      ".",
                                      "..",
                                      ":",
                                      "=",
                                      "==",
                                      "!",
                                      "!!",
                                      "?",
                                      "@",
                                      "#",
                                      "#\n",
                                      "/",
                                      "//",
                                      "//\n",
                                      "$",
                                      "$a",
                                      "a-",
                                      "a*",
                                      "a ",
                                      "a.",
                                      "a[",
                                      "1",
                                      "1 ",
                                      "1.",
                                      "1..",
                                      "1e",
                                      "0x",
                                      "1d ",
                                      "long(",
                                      "long(\n",
                                      "datetime(1) ",
                                      "in (",
                                      "in ",
                                      "!in (",
                                      "and ",
                                      "or ",
                                      "let ",
                                      "let a = ",
                                      "set ",
                                      "union ",
                                      "print ",
                                      "where ",
                                      "| where ",
                                      "| project ",
                                      "| summarize ",
                                      "| x ",
                                      "| render ",
                                      "case(",
                                      "['a'",
                                      "['",
                                      "[\"a\"]",
                                      "{a}",
                                      "{a",
                                      "{ a }",
                                      "a b ",
                                      "a = ",
                                      "(a, ",
                                      "(a, b) = ",
                                      "a; ",
                                      "a;b",
                                      ";;",
                                      "-[",
                                      "]->",
                                      "-->",
                                      "<-[",
                                      "=>",
                                      "inline_external_table (",
                                      "inline_external_table kind=",
                                      "datatable(",
                                      "datatable(a:long)[",
                                      "typeof(",
                                      "dynamic(",
                                      "dynamic({",
                                      "dynamic({'a':",
                                      "graph-match ",
                                      "| graph-match (a)",
                                      "declare pattern ",
                                      "declare query_parameters(",
                                      "restrict access to (",
                                      "alias database ",
                                      "scan with (step ",
                                      "top-nested ",
                                      "| top-nested 1 of a by b, ",
                                      "mv-expand ",
                                      "hint.strategy=",
                                      "hint.",
                                      "kind=",
                                      "with (",
                                      "render a with (",
                                      "find in (",
                                      "search in (",
                                      "macro-expand ",
                                      "f(a b ",
                                      "f($a$a",
                                      "f(a-a-",
                                      "a in (b, ",
                                      "a has_any (",
                                      "\xff",
                                      "\xc3",
                                      "\xe2\x80",
                                      "\xf0\x9f\x92\xa9",
                                      "\xe2\x80\xa8",
                                      "\xef\xbb\xbf",
                                      "\xc2\xa0",
                                      "\r",
                                      "\n",
                                      "\t",
                                      "\x01",
                                      "\x7f",
                                      "\xc3\xa9"}) {
    const std::string much = times((std::size_t{1} << 17) / text.size(), text);
    read(much);
    read("T | where a == " + much);
    read("print f(" + much);
  }
  const std::string nul(kMegabyte, '\0');
  EXPECT_FALSE(is_accepted(nul));
  EXPECT_FALSE(is_accepted("T | where " + nul));
  EXPECT_FALSE(is_accepted("print '" + nul));
}

/// What is looked ahead for is looked for once, though it stands behind all of these.
TEST(KqlHostile, LookAheadsAreLinear) {
  read("print " + megabyte_of("$a"));
  read("print " + megabyte_of("$a-") + "= 1");
  read("T | project " + megabyte_of("a-b, "));
  read(megabyte_of("inline_external_table ("));
  read(megabyte_of("T | inline_external_table (a "));
  read("print " + megabyte_of("a in ((") + " | count");
  read("print " + megabyte_of("a in (f(b), ") + " | count");
  read("print a in (b" + megabyte_of(" in (b), c") + " | count");
  read("find in (" + megabyte_of("T, ") + "U) where a");
  read("union " + megabyte_of("a*b*, "));
  read("union " + megabyte_of("a*b*") + "c");
  read("union " + megabyte_of("['a' 'b'"));
  read("print " + megabyte_of("(a, b, ") + ") = c");
  read("print (" + megabyte_of("a, ") + "b) = c");
}

TEST(KqlHostile, WrongBytesAreToldWhereTheyAre) {
  const Syntax syntax = read("T | where a == \xff and b == '\xc3\x28' \xed\xa0\x80");
  ASSERT_FALSE(syntax.problems.empty());
  EXPECT_EQ(syntax.problems.front().offset, 14U);
  EXPECT_FALSE(is_accepted(std::string("T | where a\0b", 13)));
  EXPECT_TRUE(is_accepted(std::string("print 'a\0b'", 11)));
}

TEST(KqlHostile, LongTextsAreNotRead) {
  const std::string text(101, 'a');
  EXPECT_FALSE(parse(text, {.max_bytes = 101}).has_errors());
  const Syntax refused = parse(text, {.max_bytes = 100});
  ASSERT_EQ(refused.problems.size(), 1U);
  EXPECT_EQ(refused.problems.front().code, "KQL0001");
  EXPECT_EQ(broken_rule(refused, 1), "");
}

}  // namespace
}  // namespace redoubt::kql
