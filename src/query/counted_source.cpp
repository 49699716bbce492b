#include "query/detail/counted_source.h"

#include "kql/watchlist_items.h"
#include "query/detail/watchlist_rows.h"

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

/// Null: the rows are no watchlist, or one that is not known.
const kql::Watchlist* CountedSource::watchlist_of(const kql::Relation& relation) const {
  if (relation.op != kql::NodeKind::Call || watchlists_ == nullptr) return nullptr;
  for (const kql::Option& one : relation.options)
    if (one.name == kql::kWatchlistOption) return watchlists_->find(one.value);
  return nullptr;
}

bool CountedSource::covers(const kql::Relation& relation) {
  return watchlist_of(relation) != nullptr || source_.covers(relation);
}

Result<Table> CountedSource::read(const kql::Relation& table) {
  const auto begin = std::chrono::steady_clock::now();
  const kql::Watchlist* const watchlist = watchlist_of(table);
  Result<Table> out = watchlist == nullptr ? source_.read(table) : watchlist_rows(*watchlist, table);
  if (out)
    scans_.push_back({std::string(watchlist == nullptr ? table_of(table) : watchlist->alias), out->rows(),
                      out->columns().size(), std::chrono::steady_clock::now() - begin});
  return out;
}

}  // namespace redoubt::query::detail
