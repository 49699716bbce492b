#pragma once

#include <atomic>
#include <memory>

#include "query/sql/catalog.h"
#include "query/table_source.h"
#include "store/engine.h"

namespace redoubt::query::sql {

class RelationSql;
struct SqlQuery;

struct SqlTablesOptions {
  /// Also rows that stand in the query itself go through the engine.
  bool everything = false;
};

/// Stored tables of a ClickHouse engine. What of a plan can be said in SQL the engine works out, the rest is
/// worked out in memory on what it gives.
class SqlTables : public TableSource {
 public:
  /// The engine and the catalog must outlive this.
  SqlTables(store::EventEngine& engine, const Catalog& catalog, const SqlTablesOptions& options,
            std::stop_token stop = {});
  ~SqlTables() override;

  /// What externaldata reads; it must outlive this.
  void set_external(ExternalData* external) { external_ = external; }
  ExternalData* external() override { return external_; }

  void attach(detail::Executor* executor) override;
  bool covers(const kql::Relation& relation) override;
  bool is_whole_table(const kql::Relation& relation, std::size_t rows) const override;
  bool gives_up(const kql::Relation& relation, const Error& error) override;
  /// Within what the query has left of its time and memory. Errors: QRY0005 there is no such table; QRY0003,
  /// QRY0004, QRY0021 limits; those of the engine.
  Result<Table> read(const kql::Relation& relation) override;
  Result<std::optional<Table>> read_likely(const kql::Relation& filter) override;

  /// SQL of a relation that is covered.
  std::string sql_of(const kql::Relation& relation);
  const store::QueryStatistics& statistics() const { return statistics_; }
  std::uint64_t queries() const { return queries_; }

 private:
  Result<Table> rows_of(SqlQuery query, const kql::Relation& relation);
  Result<store::QueryStatistics> ask(const SqlQuery& query, const store::BlockSink& sink);

  store::EventEngine& engine_;
  const Catalog& catalog_;
  SqlTablesOptions options_;
  detail::Executor* executor_ = nullptr;
  std::stop_token stop_;
  std::unique_ptr<RelationSql> relations_;
  store::QueryStatistics statistics_;
  std::uint64_t queries_ = 0;
  ExternalData* external_ = nullptr;
};

/// The cells of a column that an engine gave, as values of a type.
void append_cells(const store::Column& column, kql::Type type, Cells& out);

}  // namespace redoubt::query::sql
