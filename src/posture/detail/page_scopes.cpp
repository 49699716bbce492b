#include "posture/detail/page_scopes.h"

#include <fmt/format.h>

#include "arm/resource_id.h"

namespace redoubt::posture {

using report::PageScope;

namespace {

std::string title_of(const estate::ScopeNode& node) {
  if (!node.display_name.empty()) return node.display_name;
  return node.name.empty() ? node.id : node.name;
}

}  // namespace

PageScopes::PageScopes(const estate::ScopeTree* tree) {
  if (tree == nullptr) return;
  for (const estate::ScopeNode& node : tree->nodes())
    add(node.id, title_of(node),
        estate::management_group_name(node.id).empty() ? "subscription" : "management group",
        PageScope::kTop);
  // A group may stand behind what lies in it.
  for (const estate::ScopeNode& node : tree->nodes()) {
    const std::int32_t parent = find(node.parent);
    const std::int32_t self = find(estate::canonical_scope(node.id));
    if (parent != self) scopes_[static_cast<std::size_t>(self)].parent = parent;
  }
}

std::int32_t PageScopes::add(std::string_view id, std::string title, std::string_view kind,
                             std::int32_t parent) {
  const auto [found, added] =
      by_id_.try_emplace(estate::canonical_scope(id), static_cast<std::int32_t>(scopes_.size()));
  if (added) scopes_.push_back({std::string(id), std::move(title), std::string(kind), parent});
  return found->second;
}

std::int32_t PageScopes::find(const std::string& canonical) const {
  const auto found = by_id_.find(canonical);
  return found == by_id_.end() ? PageScope::kTop : found->second;
}

std::int32_t PageScopes::above_groups(const estate::Resource& resource) const {
  const std::string id = estate::canonical_scope(resource.id);
  for (std::string_view scope = id; !scope.empty(); scope = estate::parent_scope(scope))
    if (const std::int32_t found = find(std::string(scope)); found != PageScope::kTop) return found;
  return PageScope::kTop;
}

std::int32_t PageScopes::of(const estate::Resource& resource) {
  if (resource.subscription.empty()) return above_groups(resource);
  const std::string id = fmt::format("/subscriptions/{}", resource.subscription);
  std::int32_t subscription = find(estate::canonical_scope(id));
  if (subscription == PageScope::kTop && scopes_.size() < kMost)
    subscription = add(id,
                       arm::is_open_text(resource.subscription) ? std::string("wherever it is deployed")
                                                                : std::string(resource.subscription),
                       "subscription", PageScope::kTop);
  if (resource.resource_group.empty() || subscription == PageScope::kTop) return subscription;
  const std::string group = fmt::format("{}/resourceGroups/{}", id, resource.resource_group);
  const std::int32_t known = find(estate::canonical_scope(group));
  if (known != PageScope::kTop || scopes_.size() >= kMost)
    return known == PageScope::kTop ? subscription : known;
  return add(group,
             arm::is_open_text(resource.resource_group) ? std::string("its resource group")
                                                        : std::string(resource.resource_group),
             "resource group", subscription);
}

}  // namespace redoubt::posture
