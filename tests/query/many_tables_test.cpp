#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "answer_case.h"
#include "query/memory_tables.h"
#include "query/run.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"

// Queries of all tables of a workspace: what the engine is asked, table by table or in unions of some, gives
// what one long union in memory gives.

namespace redoubt::query {
namespace {

using kql::Type;
using kql::Value;

constexpr int kTables = 104;
constexpr int kRows = 3;

/// T0, T1 ...: some columns that all have, one of a type that changes, and one of its own.
void add_many(MemoryTables& out) {
  for (int table = 0; table < kTables; ++table) {
    const Type changing = table % 3 == 0 ? Type::Long : Type::String;
    std::vector<std::pair<std::string, Type>> columns{
        {"Name", Type::String},     {"Number", Type::Long},  {"Changing", changing},
        {"Details", Type::Dynamic}, {"First", Type::String}, {"Second", Type::String},
        {"Third", Type::String},    {"Type", Type::String},  {fmt::format("Own{}", table), Type::String},
        {"Size", Type::Real}};
    std::vector<Cells> cells(columns.size());
    for (int row = 0; row < kRows; ++row) {
      const int number = table * kRows + row;
      const bool is_marked = number % 7 == 0;
      cells[0].push_back(Value::of_string(fmt::format("row {}", number)));
      cells[1].push_back(Value::of_long(number));
      cells[2].push_back(changing == Type::Long ? Value::of_long(row)
                                                : Value::of_string(fmt::format("{}", row)));
      cells[3].push_back(Value::of_dynamic(
          fmt::format(R"({{"mark":"{}"}})", is_marked && table % 2 == 0 ? "the Needle" : "needles")));
      cells[4].push_back(Value::of_string(is_marked && table % 2 == 1 ? "a needle." : "needl"));
      cells[5].push_back(Value::of_string("\xC3\xA9tage"));
      cells[6].push_back(Value::of_string(number == 99 ? "\xE2\x80\x93needle\xE2\x80\x93" : ""));
      cells[7].push_back(Value::of_string(fmt::format("T{}", table)));
      cells[8].push_back(Value::of_string(fmt::format("own {}", row)));
      cells[9].push_back(Value::of_real(number * 0.5));
    }
    out.add(fmt::format("T{}", table), columns, std::move(cells));
  }
}

std::string text_of(const Result<Answer>& answer) {
  return answer ? json_of(answer->tables.front()) : answer.error().text();
}

constexpr std::string_view kQueries[] = {
    "union * | summarize count(), sum(Number) by Type | sort by Type asc",
    "union withsource=Source * | where Number > 100 and Changing_long == 1 | project Source, Number"
    " | sort by Number asc",
    "union withsource=Source T* | where Source endswith '7' | distinct Source | sort by Source asc",
    "union * | where isnotempty(Own17) or Own99 == 'own 1' | project Number, Own17, Own99, Own3"
    " | sort by Number asc",
    "union * | where isempty(Own17) | count",
    "union kind=inner * | summarize n = count() by bin(Number, 100) | sort by Number asc",
    "search 'needle' | project $table, Number | sort by Number asc",
    "search 'needle' and Number < 200 | summarize count() by $table | sort by $table asc",
    "search kind=case_sensitive 'Needle' | count",
    "search '*tag*' or 'own*2' | summarize count(), min(Number)",
    "search in (T1*) '16.5' | project Number, Size",
    "search Changing_string == '1' | where $table != 'T1' | count",
    "search * | top 3 by Number desc | project-away Own*",
    "search 'needle' | sort by Number asc | take 2",
    "union (union T1, T2 | where Name has 'row'), (T3 | project Number, Name = 'x') | sort by Number asc",
};

TEST(ManyTables, AreAskedInTheEngineAsInMemory) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  MemoryTables tables;
  add_many(tables);
  for (const std::string_view query : kQueries) {
    RunOptions plain;
    plain.rewrites = kql::kNoRewrites;
    const std::string wanted = text_of(run(query, tables.schemas(), tables, plain));
    EXPECT_NE(wanted.find("\"rows\""), std::string::npos) << wanted;
    EXPECT_EQ(text_of(run(query, tables.schemas(), tables, {})), wanted) << query;
    // Statements that are short, and such that are fast over many rows.
    for (const std::size_t few_rows : {sql::MemoryCatalog::kFewRows, std::size_t{0}}) {
      const sql::MemoryCatalog catalog(tables, few_rows);
      sql::SqlTables source(*engine, catalog, {});
      EXPECT_EQ(text_of(run(query, tables.schemas(), source, {})), wanted) << query << " " << few_rows;
      EXPECT_LT(source.queries(), std::size_t{kTables}) << query;
    }
  }
}

/// An engine that takes short statements alone.
class NarrowEngine : public store::EventEngine {
 public:
  NarrowEngine(store::EventEngine& engine, std::size_t longest) : engine_(engine), longest_(longest) {}

  Result<store::QueryStatistics> query(const store::Query& query, const store::BlockSink& sink,
                                       const std::stop_token& stop) override {
    if (query.sql.size() > longest_) return fail(Error::Kind::Limit, "STO0036", "too large");
    return engine_.query(query, sink, stop);
  }
  Result<store::QueryStatistics> execute(const store::Query& statement,
                                         const std::stop_token& stop) override {
    return engine_.execute(statement, stop);
  }
  Result<void> end_statements(std::string_view mark) override { return engine_.end_statements(mark); }
  Result<void> sync() override { return engine_.sync(); }
  std::string version() const override { return engine_.version(); }

 private:
  store::EventEngine& engine_;
  std::size_t longest_;
};

TEST(ManyTables, WhatIsTooLargeForTheEngineIsWorkedOutOfItsParts) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  MemoryTables tables;
  add_many(tables);
  const sql::MemoryCatalog catalog(tables);
  const std::string_view query =
      "union T1, T2 | summarize n = count(), s = sum(Number) by Type | join kind=inner (T1 | project Type, "
      "Number) on Type | sort by Number asc";
  const std::string wanted = text_of(run(query, tables.schemas(), tables, {}));
  std::uint64_t before = 0;
  for (const std::size_t longest : {std::size_t{100'000}, std::size_t{500}, std::size_t{200}}) {
    NarrowEngine narrow(*engine, longest);
    sql::SqlTables source(narrow, catalog, {});
    EXPECT_EQ(text_of(run(query, tables.schemas(), source, {})), wanted) << longest;
    EXPECT_GT(source.queries(), before) << longest;
    before = source.queries();
  }
  NarrowEngine none(*engine, 10);
  sql::SqlTables source(none, catalog, {});
  EXPECT_EQ(text_of(run(query, tables.schemas(), source, {})), "error STO0036: too large");
}

TEST(ManyTables, ThatAreTakenFromAreReadUntilThereIsEnough) {
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  MemoryTables tables;
  add_many(tables);
  const sql::MemoryCatalog catalog(tables);
  for (const std::string_view query : {"union * | take 2", "search 'row' | take 2 | project-away Own*"}) {
    sql::SqlTables source(*engine, catalog, {});
    const Result<Answer> answer = run(query, tables.schemas(), source, {});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->tables.front().rows, 2U) << query;
    EXPECT_LT(source.queries(), std::size_t{5}) << query;
  }
}

}  // namespace
}  // namespace redoubt::query
