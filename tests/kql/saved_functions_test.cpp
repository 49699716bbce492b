#include "kql/saved_functions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "kql/analysis.h"
#include "kql/watchlists.h"
#include "testing/cases.h"
#include "testing/escapes.h"

namespace redoubt::kql {
namespace {

// Watchlists of a text. The first line names the file; behind ` \` the text has escapes.
std::string render_watchlists(std::string_view input) {
  const std::size_t line = std::min(input.find('\n'), input.size());
  std::string_view name = input.substr(0, line);
  std::string text(input.substr(std::min(line + 1, input.size())));
  if (name.ends_with(" \\")) {
    name.remove_suffix(2);
    text = testing::unescape(text);
  }
  const Reading<std::vector<Watchlist>> found = find_watchlists_in_text(std::string(name), std::move(text));
  std::string out;
  for (const Watchlist& one : found.value) {
    out += fmt::format("{} `{}`{}\n", one.where.text(), one.alias, one.open ? " open" : "");
    for (const std::string& column : one.columns)
      out += fmt::format("  `{}`\n", column);
  }
  if (found.value.empty()) out += "no watchlist\n";
  for (const Diagnostic& diagnostic : found.diagnostics)
    out += diagnostic.text() + "\n";
  return out;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("KqlWatchlists", "tests/kql/cases/watchlists", render_watchlists);

/// Adds a file and gives what is said of it.
std::string add(SavedFunctions& functions, doc::Sources& sources, std::string name, std::string text) {
  Reading<FoundQueries> found = find_queries_in_text(sources, std::move(name), std::move(text));
  std::string out;
  for (const Diagnostic& one : functions.add(std::move(found.value.queries), sources))
    out += one.text() + "\n";
  return out;
}

std::string body_of(const SavedFunctions& functions, std::string_view name) {
  const SavedFunction* const found = functions.find(name);
  return found == nullptr ? "none" : found->query().query;
}

TEST(KqlSavedFunctions, AFileIsCalledAsItIsNamed) {
  doc::Sources sources;
  SavedFunctions functions;
  EXPECT_EQ(add(functions, sources, "some/folder/Helper.v2.kql", "\xef\xbb\xbfT | take 1"), "");
  EXPECT_EQ(add(functions, sources, "rule.yaml", "queryPeriod: 1d\nquery: T | take 2\n"), "");
  EXPECT_EQ(add(functions, sources, "commands.kql", ".show tables"), "");
  EXPECT_EQ(add(functions, sources, "mixed.kql", "T | take 3\n.create function Inner() { 1 }\n"), "");
  EXPECT_EQ(functions.by_name().size(), 2U);
  EXPECT_EQ(body_of(functions, "Helper.v2"), "T | take 1");
  EXPECT_EQ(body_of(functions, "Inner"), " 1 ");
  EXPECT_EQ(body_of(functions, "helper.v2"), "none");
  const SavedFunction& function = *functions.find("Helper.v2");
  EXPECT_EQ(function.where(sources, SavedFunction::Part::Body, 4).text(), "some/folder/Helper.v2.kql:1:5");
}

TEST(KqlSavedFunctions, OfTwoTheFirstHolds) {
  doc::Sources sources;
  SavedFunctions functions;
  EXPECT_EQ(add(functions, sources, "a.csl",
                ".create function F() { T | take 1 }\n.create function F() { T\n| take 1 }\n"
                ".create function F() { T | take 2 }\n"),
            "a.csl:4:23: warning KQL0503: there is another function F: this one is not used (the other is "
            "a.csl:1:23)\n");
  EXPECT_EQ(body_of(functions, "F"), " T | take 1 ");
  // Another file or folder that is given later comes in its place.
  EXPECT_EQ(add(functions, sources, "F.kql", "T | take 3"), "");
  EXPECT_EQ(body_of(functions, "F"), "T | take 3");
}

TEST(KqlSavedFunctions, OfTwoWatchlistsTheFirstHolds) {
  Watchlists lists;
  const auto said = lists.add({{"VIP", {"a"}, false, {"a.csv", 1, 1, {}}},
                               {"vip", {"a"}, false, {"b.csv", 1, 1, {}}},
                               {"Vip", {"b"}, false, {"c.csv", 1, 1, {}}}});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].text(),
            "c.csv:1:1: warning KQL0503: there is another watchlist Vip: this one is not used (the other is "
            "a.csv:1:1)");
  EXPECT_TRUE(lists.add({{"viP", {"c"}, false, {}}}).empty());
  EXPECT_EQ(lists.find("VIP")->columns, std::vector<std::string>{"c"});
}

/// `function F0() { T } ... F1() { F0() }`
SavedFunctions chain(doc::Sources& sources, std::size_t count, const auto& body) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += fmt::format(".create function F{}{}\n", i, body(i));
  SavedFunctions out;
  add(out, sources, "chain.csl", text);
  return out;
}

std::string codes(const Analysis& analysis) {
  std::string out;
  for (const Problem& problem : analysis.syntax.problems)
    out += std::string(problem.code) + " ";
  return out + "/ " + std::to_string(analysis.saved_problems.size());
}

Analysis call_last(const SavedFunctions& functions, const std::string& query,
                   const AnalysisLimits& limits = {}) {
  static const Schemas tables = [] {
    Schemas made;
    made.add_table("T", {{"a", Type::Long}});
    return made;
  }();
  Environment environment(tables);
  environment.functions = &functions;
  return analyze(query, environment, limits);
}

TEST(KqlSavedFunctions, CostIsBounded) {
  doc::Sources sources;
  const SavedFunctions deep = chain(
      sources, 400, [](std::size_t i) { return i == 0 ? "() { T }" : fmt::format("() {{ F{}() }}", i - 1); });
  EXPECT_EQ(codes(call_last(deep, "F150()")), "/ 0");
  EXPECT_EQ(codes(call_last(deep, "F399()")).substr(0, 8), "KQL0240 ");
  // Each calls the one before twice, always with other arguments.
  const SavedFunctions wide = chain(sources, 150, [](std::size_t i) {
    return i == 0 ? std::string("(a: string) { print a }")
                  : fmt::format("(a: string) {{ union F{0}('x{1}'), F{0}('y{1}'), F{0}(a) }}", i - 1, i);
  });
  EXPECT_NE(codes(call_last(wide, "F149('q')", {.max_calls = 200})), "/ 0");
  // The same, and the innermost is faulty.
  const SavedFunctions faulty = chain(sources, 60, [](std::size_t i) {
    return i == 0
               ? std::string("(X: (*), a: string) { nosuch() }")
               : fmt::format("(X: (*), a: string) {{ union F{0}((X | extend b = 1), 'x{1}'), F{0}(X, a) }}",
                             i - 1, i);
  });
  const Analysis analysis = call_last(faulty, "F59(T, 'q')", {.max_calls = 500});
  EXPECT_FALSE(analysis.ok());
  EXPECT_LE(analysis.saved_problems.size(), 60U);
}

}  // namespace
}  // namespace redoubt::kql
