#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "doc/json.h"
#include "kql/analysis.h"
#include "kql/plan_text.h"
#include "kql/plan_walk.h"
#include "kql/rewrite.h"
#include "query_case.h"
#include "testing/cases.h"

namespace redoubt::kql {
namespace {

/// The plan; with a line `bound` in the case, as the binder left it, else with all rewrites.
std::string render(std::string_view input) {
  return render_query_case(input, [](std::string_view query, const CaseContent& content, const auto& said) {
    Analysis analysis = analyze(query, content.view());
    if (!analysis.ok()) return "error: " + analysis.syntax.problems.front().message + "\n";
    if (!said("bound")) rewrite(analysis);
    return plan_text(analysis);
  });
}

[[maybe_unused]] const bool registered = testing::register_cases("KqlPlan", "tests/kql/cases/plan", render);

Schemas events() {
  Schemas out;
  out.add_table("Events", {{"TimeGenerated", Type::DateTime}, {"a", Type::Long}, {"b", Type::String}});
  out.add_table("Times", {{"TimeGenerated", Type::DateTime}});
  return out;
}

TEST(KqlPlan, NowIsWorkedOutWhereItIsKnown) {
  const Schemas schemas = events();
  Analysis analysis = analyze("Events | where TimeGenerated > ago(1d)", schemas);
  EvaluationContext context;
  context.now = parse_time("2024-01-02T00:00:00Z")->instant;
  RewriteOptions options;
  options.context = &context;
  rewrite(analysis, options);
  EXPECT_NE(plan_text(analysis).find("datetime(2024-01-01T00:00:00.0000000Z)"), std::string::npos);
}

TEST(KqlPlan, EachRewriteCanBeSwitchedOff) {
  const Schemas schemas = events();
  const std::string query =
      "search in (Events, Times) TimeGenerated > datetime(2024-01-01) and a > 1 + 1"
      "| extend c = a + 1 | where c > 5 | project a";
  const auto plan = [&](const RewriteOptions& options) {
    Analysis analysis = analyze(query, schemas);
    rewrite(analysis, options);
    return plan_text(analysis);
  };
  const std::string all = plan({});
  for (bool RewriteOptions::* one :
       {&RewriteOptions::search, &RewriteOptions::fold, &RewriteOptions::push, &RewriteOptions::prune,
        &RewriteOptions::time, &RewriteOptions::unions}) {
    RewriteOptions options;
    options.*one = false;
    EXPECT_NE(plan(options), all);
  }
  EXPECT_EQ(plan(kNoRewrites), plan_text(analyze(query, schemas)));
}

TEST(KqlPlan, AFaultyQueryStaysAsItIs) {
  const Schemas schemas = events();
  Analysis analysis = analyze("Events | where nothing > 1", schemas);
  const std::string before = plan_text(analysis);
  rewrite(analysis);
  EXPECT_EQ(plan_text(analysis), before);
}

/// Plans are as deep as queries are long.
TEST(KqlPlan, LongQueriesTakeNoStack) {
  const Schemas schemas = events();
  std::string pipes = "Events";
  for (int i = 0; i < 20'000; ++i)
    pipes += i % 2 == 0 ? " | where a > 1" : " | extend a = a + 1";
  std::string terms = "Events | where a == 0";
  for (int i = 0; i < 50'000; ++i)
    terms += " or a == 1";
  std::string lets = "let t0 = Events;";
  for (int i = 1; i < 5'000; ++i)
    lets += "let t" + std::to_string(i) + " = union t" + std::to_string(i - 1) + ", Events;";
  lets += "t4999 | where a > 1";
  std::string facets = "Events | facet by a";
  for (int i = 0; i < 50'000; ++i)
    facets += ", a";
  for (const std::string& query : {pipes, terms, lets, facets}) {
    Analysis analysis = analyze(query, schemas);
    ASSERT_TRUE(analysis.ok()) << query.substr(0, 80);
    rewrite(analysis);
    EXPECT_FALSE(plan_text(analysis).empty());
  }
}

std::string chain(std::string out, int levels, const std::string& pattern) {
  for (int i = 1; i <= levels; ++i) {
    std::string one = pattern;
    for (const auto& [mark, number] : {std::pair("@", i), std::pair("#", i - 1)})
      for (std::size_t at = one.find(mark); at != std::string::npos; at = one.find(mark))
        one.replace(at, 1, std::to_string(number));
    out += one;
  }
  return out;
}

/// Each of these has two of what stands before it, thirty times: a text that said all would be a billion
/// times as long.
TEST(KqlPlan, WhatIsUsedOftenIsSaidOnce) {
  Schemas schemas = events();
  const std::string queries[] = {
      chain("let t0 = Events | where a > 1;", 30, "let t@ = union t#, t#;") + "t30",
      chain("let t0 = Events | where a > 1;", 30, "let t@ = t# | join kind=inner t# on b | project a, b;") +
          "t30 | where a > 5",
      chain("let t0 = Events | where a > 1;", 30,
            "let t@ = t# | where a in (t#) or b in ((t# | project b));") +
          "t30",
      chain("let v0 = toscalar(Events | count);", 30, "let v@ = v# + v#;") + "Events | where a > v30",
      chain("let f0 = (x: long) { x + rand() };", 30, "let f@ = (x: long) { f#(x) * f#(x) };") +
          "Events | where f30(a) > 1 | extend c = f30(a)",
      chain("let f0 = () { Events | where a > 1 };", 30, "let f@ = () { union f#(), f#() };") +
          "f30() | where a > 5",
      chain("Events", 30, " | extend a = a + a") + " | where a > 1",
      chain("Events", 30, " | extend b = iff(b has 'x', strcat(b, b), b)") + " | where b has 'y'",
      chain("let t0 = Events;", 8,
            "let t@ = t# | summarize arg_max(TimeGenerated, *) by b | join kind=inner t# on b;") +
          "t8",
  };
  for (const std::string& query : queries) {
    Analysis analysis = analyze(query, schemas);
    ASSERT_TRUE(analysis.ok()) << query;
    rewrite(analysis);
    EXPECT_LT(plan_text(analysis).size(), 40'000U) << query;
  }
}

TEST(KqlPlan, ACallWithAllColumnsIsOneCall) {
  std::vector<std::pair<std::string, Type>> columns;
  for (int i = 0; i < 15'000; ++i)
    columns.emplace_back("column" + std::to_string(i), Type::Long);
  Schemas schemas;
  schemas.add_table("Wide", columns);
  Analysis analysis = analyze("Wide | summarize arg_max(column1, *)", schemas);
  ASSERT_TRUE(analysis.ok());
  rewrite(analysis);
  EXPECT_LT(plan_text(analysis).size(), 2'000'000U);
}

}  // namespace
}  // namespace redoubt::kql
