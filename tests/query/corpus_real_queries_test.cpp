#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "answer_case.h"
#include "core/arena.h"
#include "core/hash.h"
#include "doc/json.h"
#include "doc/sources.h"
#include "kql/json_text.h"
#include "kql/pattern.h"
#include "kql/plan_walk.h"
#include "query/sql/event_catalog.h"
#include "query/sql/inputs.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "random_rows.h"
#include "store/event_tables.h"
#include "testing/paths.h"

namespace redoubt::query {
namespace {

constexpr std::size_t kRows = 50;
constexpr Instant kNow{638'400'000'000'000'000};
/// Of the queries so many are run, evenly taken; all of them with REDOUBT_WHOLE_CORPUS=1 (make corpora).
constexpr std::size_t kSample = 400;

struct Query {
  std::string id;
  std::string text;
};

doc::LineDocument lines_of(doc::Sources& sources, const std::filesystem::path& file) {
  Reading<doc::LineDocument> read =
      doc::read_json_lines(sources, file.filename().string(), testing::read_file(file));
  EXPECT_FALSE(read.has_errors()) << file;
  return std::move(read.value);
}

/// Those whose columns are known, in the order of the hash of their id.
std::vector<Query> queries_of(const std::filesystem::path& folder) {
  doc::Sources sources;
  const doc::LineDocument schema = lines_of(sources, folder / "real-queries-schema.jsonl");
  std::set<std::string> wanted;
  for (const doc::Value& row : schema.rows)
    wanted.emplace(row.text_of("id").value_or(""));
  const doc::LineDocument all = lines_of(sources, folder / "real-queries.jsonl");
  std::vector<Query> out;
  for (const doc::Value& row : all.rows)
    if (std::string id(row.text_of("id").value_or("")); wanted.contains(id))
      out.push_back({std::move(id), std::string(row.text_of("query").value_or(""))});
  std::sort(out.begin(), out.end(), [](const Query& a, const Query& b) { return a.id < b.id; });
  const char* const whole = std::getenv("REDOUBT_WHOLE_CORPUS");
  if (whole == nullptr || std::string_view(whole) != "1") {
    const std::size_t step = std::max<std::size_t>(out.size() / kSample, 1);
    std::vector<Query> sample;
    for (std::size_t i = 0; i < out.size() && sample.size() < kSample; i += step)
      sample.push_back(out[i]);
    return sample;
  }
  return out;
}

kql::Schemas schemas_of(const std::filesystem::path& folder) {
  kql::Schemas out;
  Arena arena;
  const doc::Sources sources;
  const Result<doc::Value> json =
      doc::parse_json(arena, arena.copy(testing::read_file(folder / "table-schemas.json")));
  EXPECT_TRUE(json && out.add(*json, sources).empty());
  return out;
}

/// The elements of arrays in order of their text: which order an aggregate gives them is free.
std::string free_order(const kql::Value& value) {
  if (value.is(kql::Type::Real) && !value.is_null()) return kql::real_text(value.as_real() * (1 + 1e-12));
  if (!value.is(kql::Type::Dynamic) || value.is_null() ||
      kql::json_kind(value.json()) != kql::JsonKind::Array)
    return kql::to_text(value);
  std::vector<std::string> parts;
  for (const std::string_view one : kql::json_elements(value.json()))
    parts.push_back(free_order(kql::Value::of_dynamic(std::string(one))));
  std::sort(parts.begin(), parts.end());
  std::string out = "[";
  for (const std::string& part : parts)
    out += part + ",";
  return out + "]";
}

/// The rows of an answer as a set.
std::vector<std::string> rows_of(const Answer& answer) {
  std::vector<std::string> out;
  for (const ResultTable& table : answer.tables)
    for (std::size_t row = 0; row < table.rows; ++row) {
      std::string text;
      for (const Cells& cells : table.cells)
        text += free_order(cells[row]) + "|";
      out.push_back(std::move(text));
    }
  std::sort(out.begin(), out.end());
  return out;
}

/// Operators that may take any of several rows.
bool is_free(std::string_view query) {
  static constexpr std::string_view kFree[] = {"take",       "limit",     "sample",   "any(",        "any_if",
                                               "arg_m",      "argm",      "rand",     "new_guid",    "top",
                                               "row_number", "prev(",     "next(",    "innerunique", "join",
                                               "lookup",     "make_list", "makelist", "serialize"};
  return std::any_of(std::begin(kFree), std::end(kFree),
                     [&](std::string_view word) { return query.find(word) != std::string_view::npos; });
}

/// Files that nobody has: made-up rows.
class MadeUpFiles : public ExternalData {
 public:
  explicit MadeUpFiles(std::string_view query) : query_(query) {}

  Result<Table> read(const std::vector<std::string>&, const kql::Relation& relation) override {
    MemoryTables tables;
    kql::Relation table = relation;
    table.name = "file";
    add_random_table(table, query_, 1, kRows, tables);
    return tables.read(table);
  }

 private:
  std::string_view query_;
};

struct Score {
  std::size_t answered = 0;
  std::size_t same = 0;
  std::size_t free = 0;
  std::size_t not_yet = 0;
  std::size_t statements = 0;
  std::map<std::string, std::size_t> reasons;
};

/// Made-up rows of the tables that a query reads.
void add_tables_of(const Query& query, const kql::Schemas& schemas, MemoryTables& out) {
  const kql::Analysis analysis = kql::analyze(query.text, schemas);
  kql::each_relation(analysis, [&](const kql::Relation& rows) {
    const kql::Relation* const table = rows.op == kql::NodeKind::Name ? schemas.find(rows.name) : nullptr;
    if (table != nullptr && out.stored(rows.name) == nullptr)
      add_random_table(*table, query.text, std::hash<std::string>()(query.id), kRows, out);
  });
}

/// Asks a query of the tables in the engine, and of the same tables in memory without any rewrite.
void run_both(const Query& query, const kql::Schemas& schemas, MemoryTables& tables,
              const sql::Catalog& catalog, store::EventEngine& engine, Score& score) {
  MadeUpFiles files(query.text);
  tables.set_external(&files);
  kql::PatternCache patterns;
  RunOptions options;
  options.evaluation = {.now = kNow, .limits = {}, .patterns = &patterns};
  options.rewrites.context = &options.evaluation;
  sql::SqlTables source(engine, catalog, {});
  source.set_external(&files);
  const Result<Answer> by_engine = run(query.text, schemas, source, options);
  if (!by_engine) {
    const Error& error = by_engine.error();
    EXPECT_FALSE(error.code.starts_with("STO")) << query.id << " " << error.text();
    ++score.not_yet;
    ++score.reasons[error.code + " " + error.message.substr(0, 60)];
    return;
  }
  ++score.answered;
  score.statements += source.queries() > 0 ? 1 : 0;
  RunOptions plain = options;
  plain.rewrites = {.fold = false, .push = false, .prune = false, .time = false};
  const Result<Answer> in_memory = run(query.text, schemas, tables, plain);
  // Without rewrites joins may meet more rows than are allowed.
  if (!in_memory && in_memory.error().code == "QRY0002") return;
  if (!in_memory) {
    ADD_FAILURE() << query.id << " in memory: " << in_memory.error().text();
    return;
  }
  if (rows_of(*by_engine) == rows_of(*in_memory)) {
    ++score.same;
    return;
  }
  if (is_free(query.text)) {
    ++score.free;
    return;
  }
  ADD_FAILURE() << query.id << " differs\n" << query.text.substr(0, 1'000);
}

void check(const Score& score, std::size_t queries) {
  for (const auto& [reason, count] : score.reasons)
    std::cout << count << " " << reason << "\n";
  std::cout << score.answered << " of " << queries << " answered, " << score.statements
            << " with SQL; the same in memory, without rewrites: " << score.same
            << ", another free choice of rows: " << score.free << "\n";
  EXPECT_GE(score.answered * 100, queries * 75);
  EXPECT_LE(score.free * 100, queries * 5);
}

TEST(CorpusQueries, RealQueriesAreAnsweredTheSameByTheEngineAndInMemory) {
  const auto folder = testing::corpora("kql");
  if (!folder) return;
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  const kql::Schemas schemas = schemas_of(*folder);
  Score score;
  const std::vector<Query> queries = queries_of(*folder);
  for (const Query& query : queries) {
    MemoryTables tables;
    add_tables_of(query, schemas, tables);
    run_both(query, schemas, tables, sql::MemoryCatalog(tables), *engine, score);
  }
  check(score, queries.size());
}

/// The column of the time of events, which is never null in a table of events.
void fill_times(std::vector<Cells>& cells, const kql::Relation& table) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (table.columns[i]->name == "TimeGenerated" || table.columns[i]->name == "Timestamp")
      for (kql::Value& value : cells[i])
        if (value.is(kql::Type::DateTime) && value.is_null()) value = kql::Value::of_datetime(kNow.ticks);
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
      const Result<void> done = out.insert(made.name, std::move(part), kNow.ticks);
      ASSERT_TRUE(done) << done.error().text();
    }
    tables.add(made.name, columns, std::move(cells));
  }
}

TEST(CorpusQueries, RealQueriesAreAnsweredTheSameByTablesOfEventsAndInMemory) {
  const auto folder = testing::corpora("kql");
  if (!folder) return;
  const std::unique_ptr<store::EmbeddedEngine> engine = test_engine();
  if (engine == nullptr) return;
  const kql::Schemas schemas = schemas_of(*folder);
  store::EventTables stored = *store::EventTables::open(*engine);
  Score score;
  std::vector<Query> queries = queries_of(*folder);
  // Tables take longer to make than to ask.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < queries.size(); i += 8)
    queries[kept++] = queries[i];
  queries.resize(kept);
  for (const Query& query : queries) {
    MemoryTables tables;
    add_tables_of(query, schemas, tables);
    store_tables(tables, stored);
    run_both(query, schemas, tables, sql::EventCatalog(stored), *engine, score);
    for (const kql::Relation* table : tables.schemas().tables())
      ASSERT_TRUE(stored.drop(table->name));
  }
  check(score, queries.size());
}

}  // namespace
}  // namespace redoubt::query
