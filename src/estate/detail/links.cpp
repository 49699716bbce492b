#include "estate/detail/links.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

namespace redoubt::estate::detail {

using doc::Value;

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Canonical paths of what a template links to.
std::vector<std::string> linked_paths(const Input& input) {
  std::vector<std::string> out;
  const std::filesystem::path folder = std::filesystem::path(input.path).parent_path();
  std::vector<const Value*> open{&input.document.root};
  while (!open.empty()) {
    const Value* at = open.back();
    open.pop_back();
    for (const Value& item : at->is_array() ? at->items() : std::span<const Value>())
      if (item.is_container()) open.push_back(&item);
    if (!at->is_object()) continue;
    for (const doc::Member& member : at->members())
      if (member.value.is_container()) open.push_back(&member.value);
    const Value* link = at->find_any_case("templateLink");
    const Value* path = link == nullptr ? nullptr : link->find_any_case("relativePath");
    if (path != nullptr && path->is_string())
      out.push_back(canonical_path((folder / path->as_string()).string()));
  }
  return out;
}

/// edges[i]: what template i links to, itself left out.
std::vector<std::vector<std::size_t>> link_edges(const std::deque<Input>& templates) {
  std::unordered_map<std::string, std::size_t> by_path;
  for (std::size_t i = 0; i < templates.size(); ++i)
    by_path.emplace(canonical_path(templates[i].path), i);
  std::vector<std::vector<std::size_t>> edges(templates.size());
  for (std::size_t i = 0; i < templates.size(); ++i)
    for (const std::string& path : linked_paths(templates[i]))
      if (const auto found = by_path.find(path); found != by_path.end() && found->second != i)
        edges[i].push_back(found->second);
  return edges;
}

}  // namespace

LinkPlan plan_links(const std::deque<Input>& templates) {
  const std::vector<std::vector<std::size_t>> edges = link_edges(templates);
  std::vector<bool> linked(templates.size(), false);
  for (const std::vector<std::size_t>& targets : edges)
    for (const std::size_t target : targets)
      linked[target] = true;
  LinkPlan plan;
  plan.reached_from.assign(templates.size(), kNone);
  const auto add_root = [&](std::size_t root) {
    if (plan.reached_from[root] != kNone) return;
    plan.roots.push_back(root);
    plan.reached_from[root] = root;
    std::vector<std::size_t> open{root};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const std::size_t target : edges[at]) {
        if (plan.reached_from[target] != kNone) continue;
        plan.reached_from[target] = at;
        open.push_back(target);
      }
    }
  };
  for (std::size_t i = 0; i < templates.size(); ++i)
    if (!linked[i]) add_root(i);
  for (std::size_t i = 0; i < templates.size(); ++i)
    add_root(i);
  std::sort(plan.roots.begin(), plan.roots.end());
  return plan;
}

}  // namespace redoubt::estate::detail
