#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/sql/event_catalog.h"
#include "query/sql/explain.h"
#include "query/sql/inputs.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "real_queries.h"
#include "store/event_tables.h"

// Queries of real rules over made-up rows: the engine, with all rewrites, gives what memory gives without
// any. Each test is a part of them, so that several run at once.

namespace redoubt::query {
namespace {

/// Of the queries so many are run, evenly taken; all of them with REDOUBT_WHOLE_CORPUS=1 (make corpora).
constexpr std::size_t kSample = 400;
/// Tests that go through them, each of enough for two in a hundred to be one.
constexpr std::size_t kParts = 8;
/// What one query may take in the engine's way, of the time of all processors: how busy the machine is with
/// others does not count.
constexpr std::chrono::seconds kMostTime{5};

std::chrono::milliseconds time_taken() {
  return std::chrono::milliseconds(std::clock() / (CLOCKS_PER_SEC / 1'000));
}

struct Score {
  std::size_t answered = 0;
  std::size_t with_rows = 0;  ///< of these, answers that have rows
  std::size_t same = 0;
  std::size_t free = 0;
  std::size_t statements = 0;
  /// Answers that no row of a table went into: externaldata, datatable, getschema.
  std::size_t storeless = 0;
  std::size_t unlimited = 0;  ///< without rewrites they meet a limit
  std::chrono::milliseconds longest{0};
  std::map<std::string, std::vector<std::string>> reasons;  ///< why which are not answered
};

/// The answer of the engine, where there is one.
std::optional<Answer> by_engine(const RealQuery& query, const kql::Schemas& schemas,
                                const sql::Catalog& catalog, sql::SqlTables& source,
                                const RunOptions& options, Score& score) {
  const std::chrono::milliseconds before = time_taken();
  Result<Answer> answer = run(query.text, schemas, source, options);
  const std::chrono::milliseconds time = time_taken() - before;
  if (!answer) {
    const Error& error = answer.error();
    EXPECT_FALSE(error.code.starts_with("STO"))
        << query.id << " " << error.text() << "\n"
        << sql::explain(kql::analyze(query.text, schemas), catalog, options.evaluation).value_or("");
    score.reasons[error.code + " " + error.message.substr(0, 60)].push_back(query.id);
    return std::nullopt;
  }
  score.longest = std::max(score.longest, time);
  const bool is_late = time >= kMostTime;
  if (is_late) score.reasons["longer than it may take"].push_back(query.id);
  // A machine that does other work, too, is slower: time counts where the whole corpus is measured.
  score.answered += is_late && is_whole_corpus() ? 0 : 1;
  ++(source.queries() > 0 ? score.statements : score.storeless);
  score.with_rows += rows_of(*answer).empty() ? 0 : 1;
  return *std::move(answer);
}

std::string first_difference(const std::vector<std::string>& by_engine,
                             const std::vector<std::string>& in_memory) {
  std::size_t row = 0;
  while (row < by_engine.size() && row < in_memory.size() && by_engine[row] == in_memory[row])
    ++row;
  const auto shown = [row](const std::vector<std::string>& rows) {
    return row < rows.size() ? rows[row].substr(0, 500)
                             : "nothing, of " + std::to_string(rows.size()) + " rows";
  };
  return "  engine " + shown(by_engine) + "\n  memory " + shown(in_memory);
}

/// Asks a query of the tables in the engine, and of the same tables in memory without any rewrite.
void run_both(const RealQuery& query, const kql::Schemas& schemas, MemoryTables& tables,
              const sql::Catalog& catalog, store::EventEngine& engine, Score& score) {
  RealRun asked(query, tables);
  const RunOptions& options = asked.options;
  sql::SqlTables source(engine, catalog, {});
  source.set_external(&asked.files);
  const std::optional<Answer> answer = by_engine(query, schemas, catalog, source, options, score);
  if (!answer) return;
  RunOptions plain = options;
  plain.rewrites = kql::kNoRewrites;
  plain.limits.max_memory_bytes = 0;  // it is what is compared with, however much that takes
  const Result<Answer> in_memory = run(query.text, schemas, tables, plain);
  // Without rewrites joins may meet more rows than are allowed.
  if (!in_memory && in_memory.error().code == "QRY0002") {
    ++score.unlimited;
    return;
  }
  if (!in_memory) {
    ADD_FAILURE() << query.id << " in memory: " << in_memory.error().text();
    return;
  }
  if (rows_of(*answer) == rows_of(*in_memory)) {
    ++score.same;
    return;
  }
  if (is_free(query.text, schemas)) {
    ++score.free;
    if (std::getenv("REDOUBT_SHOW_FREE") != nullptr) std::cout << "free: " << query.id << "\n";
    return;
  }
  ADD_FAILURE() << query.id << " differs\n"
                << first_difference(rows_of(*answer), rows_of(*in_memory)) << "\n"
                << query.text.substr(0, 1'000);
}

void check(const Score& score, std::size_t queries) {
  for (const auto& [reason, queries_of] : score.reasons) {
    std::cout << queries_of.size() << " " << reason << ":";
    for (const std::string& id : queries_of)
      std::cout << " " << id;
    std::cout << "\n";
  }
  std::cout << score.answered << " of " << queries << " answered, " << score.statements << " with SQL, "
            << score.storeless << " without a row of a table, " << score.with_rows
            << " with rows, the longest in " << score.longest.count()
            << " ms; the same in memory, without rewrites: " << score.same
            << ", another free choice of rows: " << score.free << ", past a limit: " << score.unlimited
            << "\n";
  EXPECT_GE(score.answered * 100, queries * 98);
  EXPECT_GE((score.statements + score.storeless) * 100, queries * 98);
  EXPECT_LE(score.storeless * 100, queries * 5);
  EXPECT_LE(score.free * 100, queries * 5);
}

class RealQueries : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RealQueries, AreAnsweredTheSameByTheEngineAndInMemory) {
  const std::optional<RealCorpus> corpus = RealCorpus::open();
  if (!corpus) return;
  Score score;
  const std::vector<RealQuery> queries = corpus->queries(kSample, GetParam(), kParts);
  for (const RealQuery& query : queries) {
    MemoryTables tables;
    add_tables_of(query, corpus->schemas, tables);
    run_both(query, corpus->schemas, tables, sql::MemoryCatalog(tables), *corpus->engine, score);
  }
  check(score, queries.size());
}

/// The column of the time of events, which is never null in a table of events.
void fill_times(std::vector<Cells>& cells, const kql::Relation& table) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (table.columns[i]->name == "TimeGenerated" || table.columns[i]->name == "Timestamp")
      for (kql::Value& value : cells[i])
        if (value.is(kql::Type::DateTime) && value.is_null())
          value = kql::Value::of_datetime(kCorpusNow.ticks);
}

/// The partition of a row.
std::int64_t partition_of_row(const store::Block& block, const store::EventTable& table, std::size_t row) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (&table.columns[i] == table.time_column())
      return store::partition_of(std::get<std::vector<std::int64_t>>(block.columns[i].cells)[row]);
  return 0;
}

/// Tables of events with the same rows; texts are shared where that may be.
void store_tables(MemoryTables& tables, store::EventTables& out) {
  for (const kql::Relation* table : std::vector<const kql::Relation*>(tables.schemas().tables())) {
    const MemoryTables::Stored& rows = *tables.stored(table->name);
    std::vector<std::pair<std::string, kql::Type>> columns;
    std::vector<Cells> cells(table->columns.size());
    store::EventTable made{.name = std::string(table->name)};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const kql::Column& column = *table->columns[i];
      columns.emplace_back(column.name, column.type);
      for (std::size_t row = 0; row < rows.rows; ++row)
        cells[i].push_back(rows.value(i, row));
      made.columns.push_back(
          {.name = std::string(column.name), .kind = *sql::kind_of(column.type), .shared_texts = i % 4 != 3});
    }
    fill_times(cells, *table);
    ASSERT_TRUE(out.create(made));
    store::Block block;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      block.columns.push_back(make_column(shape_of(made.columns[i], &made.columns[i] == made.time_column())));
      for (const kql::Value& value : cells[i])
        sql::append_value(block.columns[i], value);
    }
    std::map<std::int64_t, std::vector<std::uint32_t>> partitions;
    for (std::uint32_t row = 0; row < rows.rows; ++row)
      partitions[partition_of_row(block, made, row)].push_back(row);
    for (const auto& [partition, numbers] : partitions) {
      store::Block part = store::make_block(shapes_of(block));
      append_rows(part, block, numbers);
      const Result<void> done = out.insert(made.name, std::move(part), kCorpusNow.ticks);
      ASSERT_TRUE(done) << done.error().text();
    }
    tables.add(made.name, columns, std::move(cells));
  }
}

TEST(CorpusRealQueries, AreAnsweredTheSameByTablesOfEventsAndInMemory) {
  const std::optional<RealCorpus> corpus = RealCorpus::open();
  if (!corpus) return;
  store::EventTables stored = *store::EventTables::open(*corpus->engine);
  Score score;
  // Tables take longer to make than to ask.
  const std::vector<RealQuery> queries = corpus->queries(kSample, 0, kParts);
  for (const RealQuery& query : queries) {
    MemoryTables tables;
    add_tables_of(query, corpus->schemas, tables);
    store_tables(tables, stored);
    run_both(query, corpus->schemas, tables, sql::EventCatalog(stored), *corpus->engine, score);
    for (const kql::Relation* table : tables.schemas().tables())
      ASSERT_TRUE(stored.drop(table->name));
  }
  check(score, queries.size());
}

INSTANTIATE_TEST_SUITE_P(Corpus, RealQueries, ::testing::Range<std::size_t>(0, kParts));

}  // namespace
}  // namespace redoubt::query
