#pragma once

#include <string>
#include <vector>

#include "query/run.h"
#include "query/table_source.h"

namespace redoubt::query::detail {

/// A source that notes what is read of another one.
class CountedSource : public TableSource {
 public:
  explicit CountedSource(TableSource& source) : source_(source) {}

  void attach(Executor* executor) override { source_.attach(executor); }
  bool covers(const kql::Relation& relation) override { return source_.covers(relation); }
  Result<Table> read(const kql::Relation& table) override;
  ExternalData* external() override { return source_.external(); }

  std::vector<Scan> take() { return std::move(scans_); }

 private:
  TableSource& source_;
  std::vector<Scan> scans_;
};

}  // namespace redoubt::query::detail
