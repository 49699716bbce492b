#include "query/detail/counted_source.h"

namespace redoubt::query::detail {

namespace {

/// Of rows that a source works out: the first table that they come from.
std::string_view table_of(const kql::Relation& relation) {
  const kql::Relation* at = &relation;
  while (at->op != kql::NodeKind::Name && !at->inputs.empty())
    at = at->inputs.front();
  return at->name;
}

}  // namespace

Result<Table> CountedSource::read(const kql::Relation& table) {
  const auto begin = std::chrono::steady_clock::now();
  Result<Table> out = source_.read(table);
  if (out)
    scans_.push_back({std::string(table_of(table)), out->rows(), out->columns().size(),
                      std::chrono::steady_clock::now() - begin});
  return out;
}

}  // namespace redoubt::query::detail
