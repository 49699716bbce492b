#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "answer_case.h"
#include "query/memory_tables.h"
#include "query/run.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "real_queries.h"

// Operators in any order: the engine, with all rewrites, gives what memory gives without any. What an
// operator takes of its input, and what is left of it when nobody reads it, shows only behind and before
// others.

namespace redoubt::query {
namespace {

using kql::Type;
using kql::Value;

constexpr std::size_t kChains = 1'500;
constexpr std::size_t kSoakChains = 40'000;
constexpr std::uint64_t kSeed = 20'240'301;
constexpr std::size_t kMostOperators = 4;

constexpr std::string_view kSources[] = {
    "P",
    "P",
    "P",
    "union P, Q",
    "union withsource=src P, Q",
    "search in (P, Q) 'a'",
    "union (P | project s, n, u), (Q | project s, u)",
    "let L = (P | project s, n, u, k, TimeGenerated, d, r); L",
    "let M = materialize(P | where k > 1); union M, (M | project k, s)",
    "Q | join kind=inner P on u",
};

// None may choose freely: where rows are chosen, it is by k, which differs in each row of P.
constexpr std::string_view kOperators[] = {
    "where n > 1",
    "where s has 'hello' or n == 2",
    "where isempty(s)",
    "where not(u in ('u1', 'u2'))",
    "where k % 2 == 0",
    "where u in ((Q | distinct u))",
    "where s has_any ((Q | project s))",
    "where 1 == 1 and (n > 0 or 1 == 2)",
    "extend x = n + 1",
    "extend y = strcat(s, u)",
    "extend z = d.a",
    "extend n = tostring(n)",
    "extend w = iff(n > 1, s, u)",
    "extend t = toscalar(Q | count)",
    "project s, n, u",
    "project u, n, d",
    "project u, k",
    "project n",
    "project-away d",
    "project-keep s, n, u",
    "project-rename nn = n",
    "project-reorder u",
    "count",
    "summarize count() by s",
    "summarize c = count(), m = max(n) by u",
    "summarize arg_max(k, *) by u",
    "summarize arg_min(k, n, s)",
    "summarize max(k)",
    "summarize sum(n), dcount(u), countif(k > 3)",
    "summarize us = array_sort_asc(make_set(u))",
    "summarize by s, u",
    "summarize count() by bin(TimeGenerated, 1d), u",
    "distinct s, u",
    "distinct u",
    "distinct *",
    "top 3 by k",
    "sort by k asc",
    "sort by k asc | extend before = prev(n, 1)",
    "sort by k asc | serialize sum_of_k = row_cumsum(k)",
    "mv-expand d",
    "mv-expand e = d to typeof(string)",
    "mv-apply e = d to typeof(long) on (summarize se = sum(e))",
    "parse s with p1 ' ' p2",
    "parse-where s with p1 ' ' p2",
    "make-series c = count() default=0 on TimeGenerated from datetime(2024-01-01) to datetime(2024-01-05) "
    "step "
    "1d by u",
    "lookup (Q | summarize m = max(p) by u) on u",
    "join kind=inner (Q | project u, p) on u",
    "join kind=leftouter (Q | summarize by u, n2 = n) on u",
    "join kind=leftanti Q on u",
    "join kind=leftsemi Q on s",
    "join kind=fullouter (Q | summarize q = sum(p) by u) on u",
    "join kind=inner (Q | summarize c = count() | extend m = 3 | project m, u = 'u1') on u",
    "union (Q | project s, u)",
    "union kind=inner Q",
    "union withsource=origin Q",
    "search 'a' | project-away $table",
    "getschema | project ColumnName, ColumnType",
    "evaluate bag_unpack(d)",
    "evaluate pivot(u)",
    "top-nested 2 of u by max(k)",
    "partition by u (summarize c = count() by s)",
    "extend all = pack_all()",
    "as q1",
    "serialize",
};

void add_tables(MemoryTables& out) {
  static constexpr std::string_view kTexts[] = {"a", "b", "hello world", "", "c d"};
  static constexpr std::string_view kDynamics[] = {R"({"a":1})", R"({"a":2,"b":"x"})", "[1,2]", "",
                                                   R"(["x","y"])"};
  static constexpr std::string_view kUsers[] = {"u1", "u2", "u3"};
  std::mt19937_64 chance(kSeed);
  std::vector<Cells> p(7);
  std::vector<Cells> q(5);
  const auto day = [](int i) { return Value::of_datetime(638'396'640'000'000'000 + i * 288'000'000'000); };
  for (int i = 0; i < 12; ++i) {
    const std::string_view json = kDynamics[chance() % 5];
    p[0].push_back(day(i));
    p[1].push_back(Value::of_string(std::string(kTexts[chance() % 5])));
    p[2].push_back(chance() % 5 == 0 ? Value::null(Type::Long)
                                     : Value::of_long(static_cast<std::int64_t>(chance() % 5) - 1));
    p[3].push_back(chance() % 5 == 0 ? Value::null(Type::Real) : Value::of_real(1.5 * (i % 3)));
    p[4].push_back(json.empty() ? Value::null(Type::Dynamic) : Value::of_dynamic(std::string(json)));
    p[5].push_back(Value::of_string(std::string(kUsers[chance() % 3])));
    p[6].push_back(Value::of_long(i));
  }
  for (int i = 0; i < 7; ++i) {
    q[0].push_back(day(i));
    q[1].push_back(Value::of_string(i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "zz"));
    q[2].push_back(Value::of_string(i % 2 == 0 ? "1" : ""));
    q[3].push_back(Value::of_string(i % 3 == 2 ? "u4" : std::string(kUsers[i % 3])));
    q[4].push_back(Value::of_real(i * 1.5));
  }
  out.add("P",
          {{"TimeGenerated", Type::DateTime},
           {"s", Type::String},
           {"n", Type::Long},
           {"r", Type::Real},
           {"d", Type::Dynamic},
           {"u", Type::String},
           {"k", Type::Long}},
          std::move(p));
  out.add("Q",
          {{"TimeGenerated", Type::DateTime},
           {"s", Type::String},
           {"n", Type::String},
           {"u", Type::String},
           {"p", Type::Real}},
          std::move(q));
}

std::string chain_of(std::mt19937_64& chance) {
  std::string out(kSources[chance() % std::size(kSources)]);
  const std::size_t count = 2 + chance() % (kMostOperators - 1);
  for (std::size_t i = 0; i < count; ++i)
    out.append(" | ").append(kOperators[chance() % std::size(kOperators)]);
  return out;
}

/// Rows, whose order counts where the query says one; of what is no answer the code.
std::string text_of(const Result<Answer>& answer) {
  if (!answer) return answer.error().code;
  std::string out;
  for (const auto& [name, type] : answer->tables.front().columns)
    out.append(name).append(":").append(kql::type_name(type)).append(" ");
  for (const std::string& row : rows_of(*answer))
    out.append("\n").append(row);
  return out;
}

/// Whether a chain may choose among rows, or name columns as they come: of a union k is not one of each row.
bool is_free(std::string_view chain) {
  const auto has_one_of = [chain](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return chain.find(word) != std::string_view::npos; });
  };
  const bool multiplies = !chain.starts_with("P |") || has_one_of({"union", "join", "mv-"});
  const bool regroups =
      has_one_of({"summarize", "distinct", "partition", "make-series", "top-nested", "lookup"});
  // Two columns of one name and type: which of them the next union goes on with is not said.
  if (chain.find("origin") != chain.rfind("origin")) return true;
  if (has_one_of({"evaluate"}) && (multiplies || regroups)) return true;
  return has_one_of({"arg_m", "top", "sort"}) && multiplies;
}

void compare_chains(std::size_t wanted) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  MemoryTables tables;
  add_tables(tables);
  const sql::MemoryCatalog catalog(tables);
  std::mt19937_64 chance(kSeed);
  std::size_t answered = 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::string chain = chain_of(chance);
    RunOptions plain;
    plain.rewrites = kql::kNoRewrites;
    const Result<Answer> in_memory = run(chain, tables.schemas(), tables, plain);
    if (is_free(chain)) continue;
    sql::SqlTables source(*engine, catalog, {});
    EXPECT_EQ(text_of(run(chain, tables.schemas(), source, {})), text_of(in_memory)) << chain;
    EXPECT_EQ(text_of(run(chain, tables.schemas(), tables, {})), text_of(in_memory)) << chain;
    answered += in_memory ? 1 : 0;
    if (::testing::Test::HasFailure()) break;
  }
  EXPECT_TRUE(::testing::Test::HasFailure() || answered * 5 > wanted) << answered;
}

TEST(OperatorChains, GiveTheSameInTheEngineAndInMemory) { compare_chains(kChains); }

TEST(SoakOperatorChains, GiveTheSameInTheEngineAndInMemory) {
  if (std::getenv("REDOUBT_SOAK") == nullptr) GTEST_SKIP() << "REDOUBT_SOAK=1 runs it (make soak)";
  compare_chains(kSoakChains);
}

}  // namespace
}  // namespace redoubt::query
