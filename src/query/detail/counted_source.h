#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kql/watchlists.h"
#include "query/run.h"
#include "query/table_source.h"

namespace redoubt::query::detail {

/// A source that notes what is read of another one, and has watchlists beside its tables.
class CountedSource : public TableSource {
 public:
  /// Null: there are no watchlists. Both must outlive this.
  CountedSource(TableSource& source, const kql::Watchlists* watchlists)
      : source_(source), watchlists_(watchlists) {}

  void attach(Executor* executor) override { source_.attach(executor); }
  bool covers(const kql::Relation& relation) override;
  bool gives_up(const kql::Relation& relation, const Error& error) override {
    return source_.gives_up(relation, error);
  }
  bool is_whole_table(const kql::Relation& relation, std::size_t rows) const override {
    return source_.is_whole_table(relation, rows);
  }
  ExternalData* external() override { return source_.external(); }
  Result<Table> read(const kql::Relation& table) override;
  Result<std::optional<Table>> read_likely(const kql::Relation& filter) override;

  std::vector<Scan> take() { return std::move(scans_); }

 private:
  const kql::Watchlist* watchlist_of(const kql::Relation& relation) const;

  TableSource& source_;
  const kql::Watchlists* watchlists_;
  std::vector<Scan> scans_;
};

}  // namespace redoubt::query::detail
