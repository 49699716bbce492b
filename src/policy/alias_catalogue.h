#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/alias_entry.h"
#include "policy/alias_overlay.h"
#include "policy/alias_table.h"

namespace redoubt::policy {

/// Where a path comes from, best first.
enum class AliasSource : std::uint8_t { Overlay, Table, Fallback };

struct ResolvedAlias {
  std::string path;  ///< in the resource, such as `properties.networkAcls.ipRules[*].value`
  AliasSource source = AliasSource::Fallback;
  Modifiable modifiable = Modifiable::NotKnown;
  std::optional<AliasPattern> pattern;  ///< the value is a part of the text at the path
  std::string basis;  ///< Fallback: the listed alias the path was derived from; empty: the rule

  /// A warning is due: no list has the alias, the path is a guess.
  bool guessed() const { return source == AliasSource::Fallback; }
};

/// Every alias that is known: those of the user's files before those of the table.
///
/// An alias no list has gets a path all the same: from a listed one below it (`a.b[*].c` for `a.b[*]`),
/// beside it
/// (`a.b[*].d` for `a.b[*].c`) or above it (`a.b` for `a.b[*]`), without those that of path_by_rule().
/// Const members are safe to use from several threads. The table's bytes must outlive the catalogue.
class AliasCatalogue {
 public:
  /// Knows nothing: every alias is guessed until some are added.
  AliasCatalogue() = default;
  explicit AliasCatalogue(AliasTable table) : table_(table) {}

  /// An alias listed again replaces the entry of an earlier add(); within one add() the same alias of several
  /// resource types keeps the path of each.
  void add(std::vector<ListedAlias> aliases);

  /// In any case; null where no list has it.
  std::optional<AliasEntry> find(std::string_view alias) const;
  /// Type and api version of the resource pick among several paths; empty where not known.
  ResolvedAlias resolve(std::string_view alias, std::string_view resource_type = {},
                        std::string_view api_version = {}) const;
  /// What resolve() gives where no list has the alias; of one that is listed, as if it were not.
  ResolvedAlias guess(std::string_view alias, std::string_view resource_type = {},
                      std::string_view api_version = {}) const;
  /// Aliases the author of one that no list has may have meant, best first.
  std::vector<std::string> closest_names(std::string_view alias, std::size_t limit = 3) const;

 private:
  using Overlay = std::map<std::string, AliasEntry, std::less<>>;  // by lower-case name

  void for_each(std::string_view prefix, const std::function<bool(const AliasEntry&)>& visit) const;
  std::optional<ResolvedAlias> from_descendant(std::string_view alias) const;
  std::optional<ResolvedAlias> from_sibling(std::string_view alias) const;
  std::optional<ResolvedAlias> from_ancestor(std::string_view alias, std::string_view resource_type,
                                             std::string_view api_version) const;

  AliasTable table_;
  Overlay overlay_;
};

}  // namespace redoubt::policy
