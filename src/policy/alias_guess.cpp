#include <algorithm>
#include <array>

#include "core/text.h"
#include "policy/alias_catalogue.h"
#include "policy/alias_name.h"

// Guesses for aliases that no list has, from those that are listed. Leaving out each alias of the table in
// turn, 98.6 % of the paths are right (a corpus test measures it); by the rule alone 41 % are.

namespace redoubt::policy {

namespace {

constexpr std::string_view kEveryElement = "[*]";
constexpr std::string_view kProperties = "properties";
/// How many relatives are looked at for one guess.
constexpr int kMaxRelatives = 32;

/// Members that stand beside `properties` wherever a nested resource has one: they say nothing of their
/// siblings.
constexpr std::array<std::string_view, 10> kBesideProperties = {
    "id", "name", "type", "etag", "location", "sku", "kind", "identity", "zones", "tags",
};

/// The alias up to its last segment or `[*]`; empty when only one segment is left of the short name.
std::string_view parent_of(std::string_view alias) {
  if (alias.ends_with(kEveryElement)) return alias.substr(0, alias.size() - kEveryElement.size());
  const std::size_t short_name = alias.size() - split_alias(alias).short_name.size();
  const std::size_t end = alias.find_last_of(".]");
  if (end == std::string_view::npos || end < short_name) return {};
  return alias.substr(0, alias[end] == ']' ? end + 1 : end);
}

/// The listed path without the tail that it shares with the listed name.
std::optional<std::string_view> path_before(std::string_view tail, const AliasEntry& entry) {
  if (entry.pattern || !ends_with_any_case(entry.path, tail)) return std::nullopt;
  return std::string_view(entry.path).substr(0, entry.path.size() - tail.size());
}

/// `.member`, one segment that is not known to stand beside `properties`.
bool plain_member(std::string_view tail) {
  if (tail.size() < 2 || tail.front() != '.' || tail.find_first_of(".[", 1) != std::string_view::npos)
    return false;
  return std::none_of(kBesideProperties.begin(), kBesideProperties.end(),
                      [&](std::string_view name) { return equal_any_case(name, tail.substr(1)); });
}

ResolvedAlias guessed(std::string path, std::string basis) {
  return {std::move(path), AliasSource::Fallback, Modifiable::NotKnown, std::nullopt, std::move(basis)};
}

}  // namespace

ResolvedAlias AliasCatalogue::guess(std::string_view alias, std::string_view resource_type,
                                    std::string_view api_version) const {
  if (!is_data_plane_alias(alias)) {
    if (std::optional<ResolvedAlias> found = from_descendant(alias)) return *std::move(found);
    if (std::optional<ResolvedAlias> found = from_sibling(alias)) return *std::move(found);
    if (std::optional<ResolvedAlias> found = from_ancestor(alias, resource_type, api_version))
      return *std::move(found);
  }
  return guessed(path_by_rule(alias), {});
}

std::optional<ResolvedAlias> AliasCatalogue::from_descendant(std::string_view alias) const {
  std::optional<ResolvedAlias> found;
  int tried = 0;
  for_each(alias, [&](const AliasEntry& entry) {
    const std::string_view tail = std::string_view(entry.name).substr(alias.size());
    const bool descends = tail.starts_with('.') || tail.starts_with('[');
    std::optional<std::string_view> path = descends ? path_before(tail, entry) : std::nullopt;
    if (path && path->size() > kProperties.size() + 1 && ends_with_any_case(*path, ".properties"))
      path->remove_suffix(kProperties.size() + 1);
    if (path && !path->empty() && !equal_any_case(*path, kProperties))
      found = guessed(std::string(*path), entry.name);
    return !found && ++tried < kMaxRelatives;
  });
  return found;
}

std::optional<ResolvedAlias> AliasCatalogue::from_sibling(std::string_view alias) const {
  const std::string_view parent = parent_of(alias);
  const std::string_view member = alias.substr(parent.size());
  if (parent.empty() || !plain_member(member)) return std::nullopt;
  std::optional<ResolvedAlias> found;
  int tried = 0;
  for_each(std::string(parent) + ".", [&](const AliasEntry& entry) {
    const std::string_view tail = std::string_view(entry.name).substr(parent.size());
    const std::optional<std::string_view> path = plain_member(tail) ? path_before(tail, entry) : std::nullopt;
    if (path && !path->empty() && !equal_any_case(entry.name, alias))
      found = guessed(std::string(*path) + std::string(member), entry.name);
    return !found && ++tried < kMaxRelatives;
  });
  return found;
}

std::optional<ResolvedAlias> AliasCatalogue::from_ancestor(std::string_view alias,
                                                           std::string_view resource_type,
                                                           std::string_view api_version) const {
  std::string_view ancestor = parent_of(alias);
  for (int tried = 0; tried < kMaxRelatives && !ancestor.empty(); ++tried, ancestor = parent_of(ancestor)) {
    const std::optional<AliasEntry> entry = find(ancestor);
    if (!entry) continue;
    const AliasPath* variant = entry->variant_for(resource_type, api_version);
    if (variant != nullptr ? variant->pattern : entry->pattern) return std::nullopt;
    std::string path = variant != nullptr ? variant->path : entry->path;
    std::string_view rest = alias.substr(ancestor.size());
    if (path.ends_with(kEveryElement) && rest.starts_with(kEveryElement))
      rest.remove_prefix(kEveryElement.size());
    return guessed(path.append(rest), entry->name);
  }
  return std::nullopt;
}

}  // namespace redoubt::policy
