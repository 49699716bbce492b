#include <algorithm>
#include <set>

#include "core/text.h"
#include "policy/alias_catalogue.h"
#include "policy/alias_name.h"

namespace redoubt::policy {

namespace {

/// No word is meant by one with a third more or fewer letters; what is left is compared letter by letter.
bool similar_size(std::string_view word, std::string_view candidate) {
  const std::size_t most = std::max(word.size(), candidate.size());
  return most - std::min(word.size(), candidate.size()) <= most / 3;
}

std::optional<std::string> closest_of(std::string_view word, const std::set<std::string>& names) {
  std::vector<std::string_view> candidates;
  for (const std::string& name : names)
    if (similar_size(word, name)) candidates.push_back(name);
  const std::optional<std::string_view> found = closest(word, candidates);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

}  // namespace

std::vector<std::string> AliasCatalogue::closest_names(std::string_view alias, std::size_t limit) const {
  const auto [type, short_name] = split_alias(alias);
  std::set<std::string> short_names;
  std::string prefix;
  const auto collect = [&](const AliasEntry& entry) {
    const AliasParts parts = split_alias(entry.name);
    if (equal_any_case(parts.type, prefix)) short_names.insert(std::string(parts.short_name));
    return true;
  };
  prefix = type;
  for_each(prefix + "/", collect);
  if (short_names.empty()) {
    std::set<std::string> types;
    for_each({}, [&](const AliasEntry& entry) {
      types.insert(std::string(split_alias(entry.name).type));
      return true;
    });
    prefix = closest_of(type, types).value_or("");
    if (!prefix.empty()) for_each(prefix + "/", collect);
  }
  std::vector<std::string> found;
  while (found.size() < limit) {
    const std::optional<std::string> next = closest_of(short_name, short_names);
    if (!next) break;
    found.push_back(prefix + "/" + *next);
    short_names.erase(*next);
  }
  return found;
}

}  // namespace redoubt::policy
