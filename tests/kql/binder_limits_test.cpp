#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "kql/advice.h"
#include "kql/analysis.h"

namespace redoubt::kql {
namespace {

// Sizes at which anything that grows faster than its input would not come to an end.

/// `make(0) + between + make(1) + ...`
std::string many(std::size_t count, std::string_view between,
                 const std::function<std::string(std::size_t)>& make) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += between;
    out += make(i);
  }
  return out;
}

std::string many(std::size_t count, std::string_view between, std::string_view part) {
  return many(count, between, [&](std::size_t) { return std::string(part); });
}

std::string columns(std::size_t count, std::string_view type = "long") {
  return many(count, ", ", [&](std::size_t i) { return fmt::format("c{}: {}", i, type); });
}

std::string wide(std::size_t count, std::string_view type = "long") {
  return "datatable(" + columns(count, type) + ")[]";
}

std::string names(std::size_t count) {
  return many(count, ", ", [](std::size_t i) { return fmt::format("c{}", i); });
}

/// The codes of the errors, a code that comes again once, and the number of columns.
std::string outcome(const std::string& query, const AnalysisLimits& limits = {}) {
  Schemas schemas;
  schemas.add_table("T", {{"a", Type::Long}, {"b", Type::String}, {"d", Type::Dynamic}});
  const Analysis analysis = analyze(query, schemas, limits);
  std::string out;
  for (const Problem& problem : analysis.syntax.problems)
    if (!out.ends_with(std::string(problem.code) + " ")) out += std::string(problem.code) + " ";
  analysis.table_uses();
  advise(analysis);
  const Relation* const result = analysis.result();
  return out + (result == nullptr ? "no table" : std::to_string(result->columns.size()));
}

TEST(KqlBinderLimits, ManyStatementsAndTables) {
  EXPECT_EQ(outcome("union " + many(10'000, ", ", "T")), "3");
  EXPECT_EQ(outcome("T" + many(10'000, "", " | union T")), "3");
  EXPECT_EQ(outcome(many(10'000, ";", "T | take 1")), "3");
  EXPECT_EQ(outcome("T" + many(20'000, "", [](std::size_t i) { return fmt::format(" | as x{}", i); })), "3");
  const auto chained = [](std::size_t i) {
    return i == 0 ? std::string("let x0 = 1;") : fmt::format("let x{} = x{} + 1;", i, i - 1);
  };
  EXPECT_EQ(outcome(many(100'000, "\n", chained) + "print x99999"), "1");
  const auto tables = [](std::size_t i) {
    return i == 0 ? std::string("let x0 = T;") : fmt::format("let x{} = x{} | where a == 1;", i, i - 1);
  };
  EXPECT_EQ(outcome(many(20'000, "\n", tables) + "x19999"), "3");
}

TEST(KqlBinderLimits, ManyColumns) {
  EXPECT_EQ(outcome(wide(15'000) + " | project " + names(15'000)), "15000");
  EXPECT_EQ(outcome(wide(15'000) + " | project-away " + names(14'999)), "1");
  EXPECT_EQ(outcome(wide(15'000) + " | project-keep " + names(14'999)), "14999");
  EXPECT_EQ(outcome(wide(15'000) + " | project-reorder c9, " + names(9)), "15000");
  EXPECT_EQ(outcome(wide(15'000) + " | distinct " + names(15'000)), "15000");
  EXPECT_EQ(outcome(wide(15'000) + " | summarize count() by " + names(15'000)), "15001");
  EXPECT_EQ(outcome(wide(15'000) + " | project-rename " +
                    many(15'000, ", ", [](std::size_t i) { return fmt::format("x{} = c{}", i, i); })),
            "15000");
  EXPECT_EQ(outcome(wide(10'000, "dynamic") + " | mv-expand " + names(10'000)), "10000");
  EXPECT_EQ(outcome(wide(10'000, "dynamic") + " | mv-apply " + names(10'000) + " on (take 1)"), "10000");
  EXPECT_EQ(outcome("T | extend " +
                    many(15'000, ", ", [](std::size_t i) { return fmt::format("c{} = {}", i, i); })),
            "15003");
  EXPECT_EQ(outcome("T | summarize " + many(15'000, ", ", "count()")), "15000");
  EXPECT_EQ(outcome(wide(9'000) + " | join (" + wide(9'000) + ") on " + names(9'000)), "18000");
  EXPECT_EQ(outcome(wide(9'000) + " | lookup (" + wide(9'000) + ") on " + names(9'000)), "9000");
  EXPECT_EQ(outcome("T | parse b with " +
                    many(10'000, " ", [](std::size_t i) { return fmt::format("\"x\" y{}", i); })),
            "10003");
  EXPECT_EQ(outcome(wide(10'000) + many(10'000, "", " | where c1 == 1")), "10000");
}

TEST(KqlBinderLimits, MoreColumnsThanATableHas) {
  const auto named = [](std::string_view before) {
    return [before](std::size_t i) { return fmt::format("{}y{}", before, i); };
  };
  EXPECT_EQ(outcome(wide(100'000)), "KQL0231 20000");
  EXPECT_EQ(outcome("T | parse b with " + many(100'000, " ", named("\"x\" "))), "KQL0231 20000");
  EXPECT_EQ(outcome("T | evaluate bag_unpack(d) : (*, " + columns(60'000) + ")"), "KQL0231 20000");
  EXPECT_EQ(outcome("T | mv-apply " + many(15'000, ", ", named("")) + " on (take 1)").substr(0, 7),
            "KQL0201");
  EXPECT_EQ(outcome("let f = (" + columns(30'000) + ") { 1 }; print f(" +
                    many(30'000, ", ", [](std::size_t i) { return fmt::format("c{} = {}", i, i); }) + ")"),
            "1");
  EXPECT_EQ(outcome("T | render timechart with (" + many(60'000, ", ", "title='a'") + ")"), "KQL0222 3");
}

TEST(KqlBinderLimits, ManyThingsThatOnlyTheDataTells) {
  EXPECT_EQ(outcome("T" + many(50'000, "", " | evaluate bag_unpack(d)")), "2");
  EXPECT_EQ(outcome(many(3'000, "\n",
                         [](std::size_t i) { return fmt::format("let v{} = view () {{ union v* }};", i); }) +
                    "union v*")
                .substr(0, 7),
            "KQL0202");
}

TEST(KqlBinderLimits, ColumnsOfATable) {
  const AnalysisLimits limits{.max_columns = 10};
  EXPECT_EQ(outcome(wide(10), limits), "10");
  EXPECT_EQ(outcome(wide(11), limits), "KQL0231 10");
  EXPECT_EQ(outcome("T | join T on a | join T on a | join T on a", limits), "KQL0231 10");
  EXPECT_EQ(outcome(wide(15'000) + " | summarize " + many(200, ", ", "arg_max(c1, *)")), "KQL0231 20000");
}

TEST(KqlBinderLimits, ColumnsTakenTogether) {
  const AnalysisLimits limits{.max_column_work = 12};
  EXPECT_EQ(outcome("T | extend x = 1 | extend y = 1 | extend z = 1", limits), "6");
  EXPECT_EQ(outcome("T | extend x = 1 | extend y = 1 | extend z = 1 | count", limits), "KQL0231 no table");
  EXPECT_EQ(outcome("T" + many(5'000, "", " | join T on a")), "KQL0231 no table");
  EXPECT_EQ(outcome(wide(15'000) + " | project-away " + many(5'000, ", ", "*")), "KQL0231 0");
  EXPECT_EQ(outcome(wide(15'000) + " | project-reorder " + many(3'000, ", ", "c*")), "KQL0231 15000");
}

TEST(KqlBinderLimits, LongExpressions) {
  EXPECT_EQ(outcome("T | where " + many(100'000, " and ", "a == 1")), "3");
  EXPECT_EQ(outcome("T | where a in (" + many(100'000, ", ", "1") + ")"), "3");
  EXPECT_EQ(outcome("find in (T) where " + many(20'000, " or ", "a == 1")), "4");
  const AnalysisLimits limits{.max_chain = 10};
  EXPECT_EQ(outcome("print " + many(10, " + ", "1"), limits), "1");
  EXPECT_EQ(outcome("print " + many(11, " + ", "1"), limits), "KQL0231 1");
  EXPECT_EQ(outcome("T | project d" + many(9, "", ".a"), limits), "1");
  EXPECT_EQ(outcome("T | project d" + many(10, "", ".a"), limits), "KQL0231 0");
  EXPECT_EQ(outcome("T | project d" + many(4'999, "", "[0]")), "1");
  EXPECT_EQ(outcome("T | project d" + many(100'000, "", ".abc")), "KQL0231 0");
}

TEST(KqlBinderLimits, WhatNobodyKnows) {
  const auto missing = [](std::size_t i) { return fmt::format("nosuch{}", i); };
  EXPECT_EQ(outcome(wide(15'000) + " | project " + many(15'000, ", ", missing)), "KQL0201 0");
  EXPECT_EQ(outcome("union isfuzzy=true " + many(10'000, ", ", missing)), "0");
  EXPECT_EQ(outcome("union isfuzzy=true T2 | where " +
                    many(50'000, " or ", [](std::size_t i) { return fmt::format("x{} == 1", i); })),
            "50000");
}

TEST(KqlBinderLimits, FunctionsThatCallEachOther) {
  const auto twice = [](std::size_t i) {
    return i == 0 ? std::string("let f0 = (a: long) { a };")
                  : fmt::format("let f{0} = (a: long) {{ f{1}(a) + f{1}(a + 1) }};", i, i - 1);
  };
  EXPECT_EQ(outcome(many(150, "\n", twice) + "print f149(1)"), "1");
  const auto differently = [](std::size_t i) {
    return i == 0 ? std::string("let f0 = (a: string) { a };")
                  : fmt::format("let f{0} = (a: string) {{ strcat(f{1}('x{0}'), f{1}('y{0}'), f{1}(a)) }};",
                                i, i - 1);
  };
  EXPECT_EQ(outcome(many(3, "\n", differently) + "print f2('q')", {.max_calls = 100}), "1");
  EXPECT_NE(outcome(many(3, "\n", differently) + "print f2('q')", {.max_calls = 3}).find("KQL0231"),
            std::string::npos);
  EXPECT_NE(outcome(many(150, "\n", differently) + "print f149('q')").find("KQL0231"), std::string::npos);
  const auto deep = [](std::size_t i) {
    return i == 0 ? std::string("let f0 = (s: (*)) { s };")
                  : fmt::format("let f{0} = (s: (*)) {{ f{1}((s | extend x{0} = 1)) }};", i, i - 1);
  };
  EXPECT_EQ(outcome(many(20, "\n", deep) + "f19(T)", {.max_depth = 20}), "22");
  EXPECT_NE(outcome(many(20, "\n", deep) + "f19(T)", {.max_depth = 19}).find("KQL0231"), std::string::npos);
  EXPECT_EQ(outcome(many(100, "\n",
                         [](std::size_t i) {
                           return fmt::format("let f{} = view () {{ {} }};", i, i == 0 ? "T" : "union f*");
                         }) +
                    "union f*"),
            "3");
}

TEST(KqlBinderLimits, NestedQueriesAreBoundOnce) {
  const auto nested = [](std::size_t depth, std::string_view before, std::string_view inside,
                         std::string_view behind) {
    return many(depth, "", before) + std::string(inside) + many(depth, "", behind);
  };
  EXPECT_EQ(outcome("T | project d | " + nested(60, "mv-apply d on (", "take 1", ")")), "1");
  EXPECT_EQ(
      outcome("print d = dynamic([1]) | mv-expand d = todynamic(toscalar(" +
              nested(30, "print d = dynamic([1]) | mv-expand d = todynamic(toscalar(", "print '1'", "))") +
              "))"),
      "1");
  EXPECT_EQ(outcome("T | project a, b | " + nested(60, "partition by a (", "take 1", ")")), "2");
}

}  // namespace
}  // namespace redoubt::kql
