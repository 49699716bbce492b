#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "core/text.h"
#include "query/sql/memory_catalog.h"
#include "query/sql/sql_tables.h"
#include "random_predicates.h"
#include "real_queries.h"

// Whatever a condition p is: of the rows of a query those where p holds, those where not(p) does, and those
// where isnull(p) does are all there are, each once; in the engine and in memory.

namespace redoubt::query {
namespace {

/// So many queries are looked at to find the 400 that can be split; all with REDOUBT_WHOLE_CORPUS=1.
constexpr std::size_t kSample = 1'500;
constexpr std::size_t kWanted = 400;
/// Tests that go through them, so that several run at once.
constexpr std::size_t kParts = 16;

/// The ways that a query is asked.
struct Ways {
  const kql::Schemas& schemas;
  MemoryTables& tables;
  sql::SqlTables& engine;
  const RunOptions& options;
};

/// A query behind which an operator can stand. Empty: it is none.
std::string open_end(std::string_view query) {
  std::string_view text = trim(query);
  while (text.ends_with(';'))
    text = trim(text.substr(0, text.size() - 1));
  if (text.find("render") != std::string_view::npos) return {};
  return std::string(text);
}

Result<std::vector<std::string>> rows_by(const std::string& query, const Ways& ways, TableSource& source) {
  const Answer answer = RD_TRY(run(query, ways.schemas, source, ways.options));
  return rows_of(answer);
}

struct Split {
  std::size_t queries = 0;
  std::size_t proper = 0;  ///< p holds for some rows, and not for all
  std::size_t unknown = 0;
};

/// Whether the three parts are the whole. What fails is said.
void check_parts(const RealQuery& query, const std::string& text, const std::string& predicate,
                 const std::vector<std::string>& whole, const Ways& ways, Split& split) {
  const std::string conditions[] = {predicate, "not(" + predicate + ")", "isnull(" + predicate + ")"};
  std::vector<std::string> together;
  std::size_t sizes[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string part = text + "\n| where " + conditions[i];
    const Result<std::vector<std::string>> by_engine = rows_by(part, ways, ways.engine);
    const Result<std::vector<std::string>> in_memory = rows_by(part, ways, ways.tables);
    ASSERT_TRUE(by_engine) << query.id << " | where " << conditions[i] << "\n" << by_engine.error().text();
    ASSERT_TRUE(in_memory) << query.id << " | where " << conditions[i] << "\n" << in_memory.error().text();
    EXPECT_EQ(*by_engine, *in_memory) << query.id << " | where " << conditions[i];
    sizes[i] = by_engine->size();
    together.insert(together.end(), by_engine->begin(), by_engine->end());
  }
  std::sort(together.begin(), together.end());
  EXPECT_EQ(together.size(), whole.size()) << query.id << " | where " << predicate;
  EXPECT_TRUE(together == whole) << query.id << " | where " << predicate;
  ++split.queries;
  split.proper += sizes[0] > 0 && sizes[1] > 0 ? 1 : 0;
  split.unknown += sizes[2] > 0 ? 1 : 0;
}

void split_query(const RealQuery& query, const kql::Schemas& schemas, store::EventEngine& engine,
                 Split& split) {
  const std::string text = open_end(query.text);
  if (text.empty() || is_free(query.text, schemas)) return;
  MemoryTables tables;
  add_tables_of(query, schemas, tables);
  RealRun asked(query, tables);
  const RunOptions& options = asked.options;
  const sql::MemoryCatalog catalog(tables);
  sql::SqlTables source(engine, catalog, {});
  source.set_external(&asked.files);
  const Result<Answer> answer = run(text, schemas, tables, options);
  // Several results can not be piped into one operator; no rows can not be told apart.
  if (!answer || answer->tables.size() != 1 || answer->tables[0].rows == 0) return;
  PredicateMaker maker(answer->tables[0], std::hash<std::string>()(query.id));
  const std::string predicate = maker.make(static_cast<int>(std::hash<std::string>()(query.id) % 4));
  check_parts(query, text, predicate, rows_of(*answer), {schemas, tables, source, options}, split);
}

class Partition : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Partition, TrueFalseAndUnknownAreAllRows) {
  const std::optional<RealCorpus> corpus = RealCorpus::open();
  if (!corpus) return;
  Split split;
  for (const RealQuery& query : corpus->queries(kSample, GetParam(), kParts)) {
    if (!is_whole_corpus() && split.queries >= kWanted / kParts) break;
    split_query(query, corpus->schemas, *corpus->engine, split);
  }
  std::cout << split.queries << " queries split, " << split.proper << " of them in two parts, "
            << split.unknown << " with an unknown part\n";
  if (std::getenv("REDOUBT_CORPUS_QUERY") != nullptr) return;
  EXPECT_GE(split.queries, kWanted / kParts);
}

INSTANTIATE_TEST_SUITE_P(Corpus, Partition, ::testing::Range<std::size_t>(0, kParts));

}  // namespace
}  // namespace redoubt::query
