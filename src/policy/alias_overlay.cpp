#include "policy/alias_overlay.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace redoubt::policy {

namespace {

using doc::Value;

/// A string member in any case; empty where there is none.
std::string text_of(const Value& object, std::string_view name) {
  const Value* member = object.find_any_case(name);
  return member != nullptr && member->is_string() ? std::string(member->as_string()) : std::string();
}

std::span<const Value> items_of(const Value& object, std::string_view name) {
  const Value* member = object.find_any_case(name);
  return member != nullptr && member->is_array() ? member->items() : std::span<const Value>{};
}

/// `attributes` of a member `metadata` or `defaultMetadata`: None, Modifiable.
Modifiable modifiable_of(const Value& object, std::string_view name) {
  const Value* metadata = object.find_any_case(name);
  const std::string attributes = metadata != nullptr ? text_of(*metadata, "attributes") : std::string();
  if (attributes.empty()) return Modifiable::NotKnown;
  for (const std::string_view attribute : split(attributes, ','))
    if (equal_any_case(trim(attribute), "Modifiable")) return Modifiable::Yes;
  return Modifiable::No;
}

std::optional<AliasPattern> pattern_of(const Value& object, std::string_view name) {
  const Value* pattern = object.find_any_case(name);
  if (pattern == nullptr || !pattern->is_object()) return std::nullopt;
  AliasPattern found{text_of(*pattern, "phrase"), text_of(*pattern, "variable")};
  return found.phrase.empty() ? std::nullopt : std::optional<AliasPattern>(std::move(found));
}

/// A path is a text, or an object with the path and its api versions.
AliasPath path_of(const Value& value) {
  AliasPath found;
  if (value.is_string()) found.path = value.as_string();
  if (!value.is_object()) return found;
  found.path = text_of(value, "path");
  for (const Value& version : items_of(value, "apiVersions"))
    if (version.is_string()) found.api_versions.emplace_back(version.as_string());
  found.modifiable = modifiable_of(value, "metadata");
  found.pattern = pattern_of(value, "pattern");
  return found;
}

std::string_view newest_version(const AliasPath& path) {
  const auto newest = std::max_element(path.api_versions.begin(), path.api_versions.end());
  return newest == path.api_versions.end() ? std::string_view{} : std::string_view(*newest);
}

void use_as_default(AliasEntry& entry, const AliasPath& path) {
  entry.path = path.path;
  if (path.modifiable != Modifiable::NotKnown) entry.modifiable = path.modifiable;
  if (path.pattern) entry.pattern = path.pattern;
}

/// The paths of api versions that say something else than the default does.
void add_versions(AliasEntry& entry, std::vector<AliasPath> paths) {
  for (AliasPath& path : paths) {
    if (path.modifiable == Modifiable::NotKnown) path.modifiable = entry.modifiable;
    const bool default_again =
        path.path == entry.path && path.modifiable == entry.modifiable && path.pattern == entry.pattern;
    if (!path.path.empty() && !path.api_versions.empty() && !default_again)
      entry.variants.push_back(std::move(path));
  }
}

AliasEntry entry_of(std::string name, const Value& alias) {
  AliasEntry entry{.name = std::move(name), .path = {}, .pattern = {}, .variants = {}};
  entry.modifiable = modifiable_of(alias, "defaultMetadata");
  entry.pattern = pattern_of(alias, "defaultPattern");
  if (alias.is_string()) entry.path = alias.as_string();
  std::vector<AliasPath> paths;
  for (const Value& path : items_of(alias, "paths"))
    paths.push_back(path_of(path));
  if (const Value* path = alias.find_any_case("defaultPath")) use_as_default(entry, path_of(*path));
  if (const Value* path = alias.find_any_case("path"); path != nullptr && entry.path.empty())
    use_as_default(entry, path_of(*path));
  const auto newest =
      std::max_element(paths.begin(), paths.end(), [](const AliasPath& left, const AliasPath& right) {
        return newest_version(left) < newest_version(right);
      });
  if (entry.path.empty() && newest != paths.end()) use_as_default(entry, *newest);
  add_versions(entry, std::move(paths));
  return entry;
}

class Reader {
 public:
  explicit Reader(const doc::Sources& sources) : sources_(sources) {}

  void read(const Value& list) {
    if (list.is_array()) return read_rows(list);
    const Value* rows = list.find_any_case("value");
    if (rows != nullptr && rows->is_array()) return read_rows(*rows);
    const Value* map = list.find_any_case("aliases");
    if (map != nullptr && map->is_object()) return read_map(*map);
    if (list.find_any_case("resourceTypes") != nullptr || map != nullptr) return read_row(list);
    if (list.is_object()) return read_map(list);
    say("POL0902", "not a list of aliases, found " + std::string(doc::name_of(list.kind())), list);
  }

  Reading<std::vector<ListedAlias>> take() { return std::move(out_); }

 private:
  void read_rows(const Value& rows) {
    for (const Value& row : rows.items())
      read_row(row);
  }

  /// A provider of az, or a resource type of Get-AzPolicyAlias.
  void read_row(const Value& row) {
    const std::string provider = text_of(row, "namespace");
    const Value* types = row.find_any_case("resourceTypes");
    if (types != nullptr && types->is_array()) {
      for (const Value& type : types->items())
        read_type(provider, type);
    } else if (row.is_object() && row.find_any_case("aliases") != nullptr) {
      read_type(provider, row);
    } else if (row.find_any_case("namespace") == nullptr) {
      say("POL0902", "neither a resource provider nor a resource type with aliases", row);
    }
  }

  void read_type(const std::string& provider, const Value& type) {
    const std::string name = text_of(type, "resourceType");
    const std::string full = provider.empty() || name.empty() ? provider + name : provider + "/" + name;
    for (const Value& alias : items_of(type, "aliases"))
      add(full, text_of(alias, "name"), alias);
  }

  void read_map(const Value& map) {
    for (const doc::Member& member : map.members())
      add({}, std::string(member.name), member.value);
  }

  void add(const std::string& type, std::string name, const Value& alias) {
    ListedAlias listed{type, entry_of(std::move(name), alias)};
    if (listed.entry.name.empty()) return say("POL0903", "alias without a name", alias);
    if (listed.entry.path.empty()) return say("POL0903", "alias without a path: " + listed.entry.name, alias);
    out_.value.push_back(std::move(listed));
  }

  void say(std::string_view code, std::string message, const Value& at) {
    out_.diagnostics.push_back(
        {.severity = Severity::Error,
         .code = std::string(code),
         .message = std::move(message),
         .where = sources_.where(at.place()),
         .hint = "give what `az provider list --expand resourceTypes/aliases` prints"});
  }

  const doc::Sources& sources_;
  Reading<std::vector<ListedAlias>> out_;
};

}  // namespace

Reading<std::vector<ListedAlias>> read_aliases(const doc::Value& list, const doc::Sources& sources) {
  Reader reader(sources);
  reader.read(list);
  return reader.take();
}

}  // namespace redoubt::policy
