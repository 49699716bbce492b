#include "estate/scope_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace redoubt::estate {

namespace {

constexpr std::string_view kGroups = "/providers/microsoft.management/managementgroups/";
constexpr std::string_view kSubscriptions = "/subscriptions/";
constexpr std::string_view kProviders = "/providers/";
constexpr std::size_t kAzureLevels = 6;

std::string group_key(std::string_view name) {
  if (name.empty()) return {};
  return starts_with_any_case(name, kGroups) ? canonical_scope(name)
                                             : canonical_scope(std::string(kGroups).append(name));
}

}  // namespace

std::string management_group_id(std::string_view name) {
  return "/providers/Microsoft.Management/managementGroups/" + std::string(name);
}

std::string_view management_group_name(std::string_view id) {
  if (!starts_with_any_case(id, kGroups)) return {};
  id.remove_prefix(kGroups.size());
  return id.substr(0, id.find('/'));
}

std::string canonical_scope(std::string_view scope) {
  std::string out = lower(trim(scope));
  while (out.size() > 1 && out.back() == '/')
    out.pop_back();
  return out;
}

std::string_view parent_scope(std::string_view scope) {
  const std::size_t providers = scope.rfind(kProviders);
  if (providers != std::string_view::npos) {
    // `.../providers/namespace/type/name[/type/name]...`: one pair of segments up, or what carries it.
    const std::string_view below = scope.substr(providers + kProviders.size());
    if (std::count(below.begin(), below.end(), '/') > 2)
      return scope.substr(0, scope.rfind('/', scope.rfind('/') - 1));
    if (providers == 0) return {};
    return scope.substr(0, providers);
  }
  if (!scope.starts_with(kSubscriptions)) return {};
  const std::size_t end = scope.find('/', kSubscriptions.size());
  return end == std::string_view::npos ? std::string_view() : scope.substr(0, end);
}

void ScopeTree::add(ScopeNode node) {
  const auto [entry, is_new] = by_id_.try_emplace(canonical_scope(node.id), nodes_.size());
  if (is_new) {
    nodes_.push_back(std::move(node));
    return;
  }
  twice_.push_back(entry->second);
  nodes_[entry->second] = std::move(node);
}

void ScopeTree::add_group(std::string_view name, std::string_view parent, std::string_view display_name,
                          doc::Place place) {
  const std::string_view in_id = management_group_name(name);
  if (!in_id.empty()) name = in_id;
  add({management_group_id(name), std::string(name), std::string(display_name), group_key(parent), place});
}

void ScopeTree::add_subscription(std::string_view id, std::string_view group, std::string_view display_name,
                                 doc::Place place) {
  const std::string_view guid =
      starts_with_any_case(id, kSubscriptions) ? id.substr(kSubscriptions.size()) : id;
  add({std::string(kSubscriptions).append(guid), std::string(guid), std::string(display_name),
       group_key(group), place});
}

std::vector<Diagnostic> ScopeTree::finish(const doc::Sources& sources) {
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(twice_.size());
  for (const std::size_t number : twice_)
    diagnostics.push_back({Severity::Warning,
                           "EST0120",
                           fmt::format("{} stands twice in the tree, the last one counts", nodes_[number].id),
                           sources.where(nodes_[number].place),
                           {}});
  twice_.clear();
  for (ScopeNode& node : nodes_) {
    if (node.parent.empty() || by_id_.contains(node.parent)) continue;
    diagnostics.push_back({Severity::Error, "EST0121",
                           fmt::format("the parent of {} is not in the tree: {}", node.name,
                                       management_group_name(node.parent)),
                           sources.where(node.place),
                           "nothing is inherited from above it; name a group of the tree"});
  }
  check_circles(sources, diagnostics);
  return diagnostics;
}

/// Walks up from every node once; what was walked before is not walked again.
void ScopeTree::check_circles(const doc::Sources& sources, std::vector<Diagnostic>& diagnostics) {
  constexpr std::size_t kNew = 0;
  constexpr std::size_t kOnPath = SIZE_MAX;
  std::vector<std::size_t> depth(nodes_.size(), kNew);  // 1: at the top
  std::size_t deepest = 0;
  for (std::size_t start = 0; start < nodes_.size(); ++start) {
    std::vector<std::size_t> path;
    std::size_t above = 0;
    for (std::size_t at = start;;) {
      if (depth[at] == kOnPath) {
        ScopeNode& closing = nodes_[path.back()];
        diagnostics.push_back(
            {Severity::Error, "EST0122",
             fmt::format("{} lies in itself: its parent {} is below it", closing.name, nodes_[at].name),
             sources.where(closing.place), "give it another parent"});
        closing.parent.clear();
        break;
      }
      if (depth[at] != kNew) {
        above = depth[at];
        break;
      }
      depth[at] = kOnPath;
      path.push_back(at);
      const auto parent = by_id_.find(nodes_[at].parent);
      if (parent == by_id_.end()) break;
      at = parent->second;
    }
    for (auto at = path.rbegin(); at != path.rend(); ++at)
      depth[*at] = ++above;
    for (const std::size_t at : path)
      if (depth[at] > depth[deepest] && !management_group_name(nodes_[at].id).empty()) deepest = at;
  }
  levels_ = depth.empty() ? 0 : *std::max_element(depth.begin(), depth.end());
  if (!nodes_.empty() && depth[deepest] > kAzureLevels)
    diagnostics.push_back({Severity::Warning,
                           "EST0123",
                           fmt::format("{} is {} levels deep, Azure allows {}", nodes_[deepest].name,
                                       depth[deepest], kAzureLevels),
                           sources.where(nodes_[deepest].place),
                           {}});
}

const ScopeNode* ScopeTree::find(std::string_view scope) const {
  const std::string key = canonical_scope(scope);
  for (const std::string& id : {key, group_key(key), std::string(kSubscriptions) + key})
    if (const auto found = by_id_.find(id); found != by_id_.end()) return &nodes_[found->second];
  const ScopeNode* only = nullptr;
  for (const ScopeNode& node : nodes_) {
    if (!equal_any_case(node.display_name, scope)) continue;
    if (only != nullptr) return nullptr;
    only = &node;
  }
  return only;
}

/// One step up; empty where nothing is known to be above.
std::string ScopeTree::above(const std::string& canonical) const {
  if (canonical == "/") return {};
  if (const std::string_view inside = parent_scope(canonical); !inside.empty()) return std::string(inside);
  const auto found = by_id_.find(canonical);
  if (found != by_id_.end()) {
    const std::string& parent = nodes_[found->second].parent;
    return parent.empty() ? "/" : parent;
  }
  // A resource of the tenant's own; where an unknown management group lies only a tree would say.
  return canonical.starts_with(kProviders) && management_group_name(canonical).empty() ? "/" : std::string();
}

std::vector<std::string> ScopeTree::chain(std::string_view scope) const {
  std::vector<std::string> out = {canonical_scope(scope)};
  for (std::string next = above(out.back()); !next.empty(); next = above(out.back()))
    out.push_back(std::move(next));
  return out;
}

bool ScopeTree::lies_in(std::string_view scope, std::string_view above_it) const {
  const std::string wanted = canonical_scope(above_it);
  for (std::string at = canonical_scope(scope); !at.empty(); at = above(at))
    if (at == wanted) return true;
  return false;
}

}  // namespace redoubt::estate
