#include "policy/alias_catalogue.h"

#include <utility>

#include "core/text.h"

namespace redoubt::policy {

namespace {

ResolvedAlias resolved(const AliasEntry& entry, AliasSource source, std::string_view resource_type,
                       std::string_view api_version) {
  if (const AliasPath* variant = entry.variant_for(resource_type, api_version))
    return {variant->path, source, variant->modifiable, variant->pattern, {}};
  return {entry.path, source, entry.modifiable, entry.pattern, {}};
}

/// Adds the paths of one more resource type that lists the same alias.
void merge(AliasEntry& entry, ListedAlias&& more) {
  for (AliasPath& variant : more.entry.variants) {
    variant.resource_type = more.resource_type;
    entry.variants.push_back(std::move(variant));
  }
  const bool same = more.entry.path == entry.path && more.entry.modifiable == entry.modifiable &&
                    more.entry.pattern == entry.pattern && more.entry.variants.empty() &&
                    entry.variants.empty();
  if (!same)
    entry.variants.push_back({std::move(more.entry.path),
                              std::move(more.resource_type),
                              {},
                              more.entry.modifiable,
                              std::move(more.entry.pattern)});
}

}  // namespace

void AliasCatalogue::add(std::vector<ListedAlias> aliases) {
  Overlay added;
  for (ListedAlias& listed : aliases) {
    const auto [at, first] = added.try_emplace(lower(listed.entry.name));
    if (first)
      at->second = std::move(listed.entry);
    else
      merge(at->second, std::move(listed));
  }
  for (auto& [name, entry] : added)
    overlay_.insert_or_assign(name, std::move(entry));
}

std::optional<AliasEntry> AliasCatalogue::find(std::string_view alias) const {
  if (!overlay_.empty())
    if (const auto at = overlay_.find(lower(alias)); at != overlay_.end()) return at->second;
  return table_.find(alias);
}

ResolvedAlias AliasCatalogue::resolve(std::string_view alias, std::string_view resource_type,
                                      std::string_view api_version) const {
  if (!overlay_.empty())
    if (const auto at = overlay_.find(lower(alias)); at != overlay_.end())
      return resolved(at->second, AliasSource::Overlay, resource_type, api_version);
  if (const std::optional<AliasEntry> entry = table_.find(alias))
    return resolved(*entry, AliasSource::Table, resource_type, api_version);
  return guess(alias, resource_type, api_version);
}

void AliasCatalogue::for_each(std::string_view prefix,
                              const std::function<bool(const AliasEntry&)>& visit) const {
  const std::string key = lower(prefix);
  for (auto at = overlay_.lower_bound(key); at != overlay_.end() && at->first.starts_with(key); ++at)
    if (!visit(at->second)) return;
  table_.for_each(prefix, visit);
}

}  // namespace redoubt::policy
