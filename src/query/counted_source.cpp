#include "query/detail/counted_source.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "kql/plan_walk.h"
#include "kql/watchlist_items.h"
#include "query/detail/watchlist_rows.h"

namespace redoubt::query::detail {

namespace {

/// Of rows that a source works out: the tables that they come from, in the order of the plan.
std::vector<std::string> tables_of(const kql::Relation& relation) {
  std::vector<std::string> out;
  std::unordered_set<const kql::Relation*> seen;
  std::vector<const kql::Relation*> left{&relation};
  while (!left.empty()) {
    const kql::Relation* const at = left.back();
    left.pop_back();
    if (!seen.insert(at).second) continue;
    if (at->op == kql::NodeKind::Name && std::ranges::find(out, at->name) == out.end())
      out.emplace_back(at->name);
    const std::size_t own = left.size();
    left.insert(left.end(), at->inputs.begin(), at->inputs.end());
    kql::each_expression(*at, [&](const kql::Expression& value) {
      left.insert(left.end(), value.relations.begin(), value.relations.end());
    });
    std::reverse(left.begin() + static_cast<std::ptrdiff_t>(own), left.end());
  }
  return out;
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
    scans_.push_back(
        {.tables = watchlist == nullptr ? tables_of(table) : std::vector<std::string>{watchlist->alias},
         .rows = out->rows(),
         .is_whole = watchlist != nullptr || source_.is_whole_table(table, out->rows()),
         .columns = out->columns().size(),
         .time = std::chrono::steady_clock::now() - begin});
  return out;
}

Result<std::optional<Table>> CountedSource::read_likely(const kql::Relation& filter) {
  const auto begin = std::chrono::steady_clock::now();
  Result<std::optional<Table>> out = source_.read_likely(filter);
  if (out && *out)
    scans_.push_back({.tables = tables_of(*filter.inputs.front()),
                      .rows = (*out)->rows(),
                      .is_whole = false,
                      .columns = (*out)->columns().size(),
                      .time = std::chrono::steady_clock::now() - begin});
  return out;
}

}  // namespace redoubt::query::detail
