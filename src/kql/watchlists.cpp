#include "kql/watchlists.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "core/text.h"

namespace redoubt::kql {

std::vector<Diagnostic> Watchlists::add(std::vector<Watchlist> found) {
  std::vector<Diagnostic> out;
  std::set<std::string> added;
  for (Watchlist& one : found) {
    std::string key = lower(one.alias);
    const auto known = by_alias_.find(key);
    if (added.insert(key).second) {
      by_alias_.insert_or_assign(std::move(key), std::move(one));
    } else if (known->second.columns != one.columns) {
      out.push_back({Severity::Warning, "KQL0503",
                     fmt::format("there is another watchlist {}: this one is not used", one.alias), one.where,
                     fmt::format("the other is {}", known->second.where.text())});
    }
  }
  return out;
}

const Watchlist* Watchlists::find(std::string_view alias) const {
  const auto found = by_alias_.find(lower(alias));
  return found == by_alias_.end() ? nullptr : &found->second;
}

}  // namespace redoubt::kql
