#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "kql/pattern.h"
#include "query/run.h"
#include "query/sql/event_catalog.h"
#include "store/embedded.h"
#include "store/event_tables.h"

namespace redoubt::bench {

/// A hunting query, and what an engineer would ask the engine for the same answer.
struct HuntingQuery {
  std::string name;
  std::string kql;
  std::string
      sql;  ///< its columns are those of the answer: ticks for datetime and timespan, JSON for dynamic
};
/// NAME.kql beside NAME.sql, in the order of their names.
Result<std::vector<HuntingQuery>> read_hunting_queries(const std::string& folder);

struct HuntingTimes {
  double kql_ms = 0;     ///< median, without compiling
  double sql_ms = 0;     ///< median
  double ratio = 0;      ///< median of those of each pair of runs
  double cpu_ratio = 0;  ///< the same of the time of the processors, which does not hang on what else they do
  double compile_ms = 0;  ///< median
  std::uint64_t rows_read = 0;
  std::size_t rows = 0;  ///< of the answer
};

/// A folder of events, and the two ways to ask it.
class HuntingField {
 public:
  static Result<HuntingField> open(const std::string& directory);

  Result<query::Answer> ask_kql(const std::string& query) const;
  /// The rows of SQL as columns of these types.
  Result<query::ResultTable> ask_sql(const std::string& query, const query::ResultTable& like,
                                     std::uint64_t* rows_read = nullptr) const;
  /// What the query is in SQL, and what is left to do in memory.
  Result<std::string> explain(const std::string& query) const;
  /// Rows of any SQL as lines of text.
  Result<std::string> ask_text(const std::string& query) const;
  Result<void> execute(const std::string& statement) const;

  /// Errors: those of both; BEN0001 (InvalidInput) the answers differ.
  Result<HuntingTimes> measure(const HuntingQuery& query, int runs) const;

  store::EventEngine& engine() const { return *engine_; }
  store::EventTables& tables() const { return *tables_; }

 private:
  query::RunOptions options() const;

  std::unique_ptr<store::EmbeddedEngine> engine_;
  std::unique_ptr<store::EventTables> tables_;
  std::unique_ptr<query::sql::EventCatalog> catalog_;
  std::unique_ptr<kql::Schemas> schemas_;
  std::unique_ptr<kql::PatternCache> patterns_;
};

/// The rows as text, in an order of their own where the answer has none; elements of arrays are sorted.
std::vector<std::string> canonical_rows(const query::ResultTable& table);

}  // namespace redoubt::bench
