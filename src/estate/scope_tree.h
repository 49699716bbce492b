#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"

namespace redoubt::estate {

/// The id of a management group: `/providers/Microsoft.Management/managementGroups/NAME`.
std::string management_group_id(std::string_view name);
/// The name in a management group's id, of any case; empty for other ids.
std::string_view management_group_name(std::string_view id);
/// A scope as it is compared: lower case, without a slash at the end. The tenant is `/`.
std::string canonical_scope(std::string_view scope);
/// The scope that a resource, a resource group or an extension resource lies in; empty for subscriptions,
/// management groups and the tenant, whose parents only a tree knows. Takes and gives canonical scopes.
std::string_view parent_scope(std::string_view scope);

/// A management group or a subscription.
struct ScopeNode {
  std::string id;  ///< as written; of groups the whole id
  std::string name;
  std::string display_name;
  std::string parent;  ///< canonical; empty: the tenant, or not known
  doc::Place place;
};

/// Management groups and the subscriptions below them. Filled with add_*(), then finish() checks it once.
class ScopeTree {
 public:
  /// `parent` is the name of a group; empty: directly below the tenant.
  void add_group(std::string_view name, std::string_view parent, std::string_view display_name,
                 doc::Place place);
  /// `id` is `/subscriptions/GUID` or the GUID alone.
  void add_subscription(std::string_view id, std::string_view group, std::string_view display_name,
                        doc::Place place);

  /// Loosens what would run in a circle, so that every later walk ends.
  /// Diagnostics: EST0120 a scope stands twice (the last one counts), EST0121 the parent is not there,
  /// EST0122 a circle (error), EST0123 deeper than the six levels that Azure allows.
  std::vector<Diagnostic> finish(const doc::Sources& sources);

  /// By id, name or, where only one has it, display name; in any case. Null when there is none.
  const ScopeNode* find(std::string_view scope) const;
  /// Whether a scope of this very id was added.
  bool contains(std::string_view id) const { return by_id_.contains(canonical_scope(id)); }
  /// Whether `scope` is `above` or lies in it, as far as parents are known.
  bool lies_in(std::string_view scope, std::string_view above) const;
  /// In the order they were added.
  const std::vector<ScopeNode>& nodes() const { return nodes_; }
  bool empty() const { return nodes_.empty(); }
  /// Of the deepest scope; 1: everything lies at the top. Known after finish().
  std::size_t levels() const { return levels_; }

  /// The scope itself and everything it lies in, nearest first, canonical; ends with the tenant `/` when all
  /// parents are known. Linear in its depth.
  std::vector<std::string> chain(std::string_view scope) const;

 private:
  void add(ScopeNode node);
  std::string above(const std::string& canonical) const;
  void check_circles(const doc::Sources& sources, std::vector<Diagnostic>& diagnostics);

  std::vector<ScopeNode> nodes_;
  std::unordered_map<std::string, std::size_t> by_id_;  // canonical
  std::vector<std::size_t> twice_;
  std::size_t levels_ = 0;
};

}  // namespace redoubt::estate
