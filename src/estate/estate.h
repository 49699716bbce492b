#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/arena.h"
#include "core/result.h"
#include "doc/sources.h"
#include "estate/completeness.h"
#include "estate/detail/text_index.h"
#include "estate/resource.h"

namespace redoubt::estate {

/// Resources of templates and exports in one model, found by id, type, place and parent, all without regard
/// to case. Filled with add(), then finish() builds the indexes; both are linear. After that the estate does
/// not change, is safe to read from several threads, and may be moved: resources stay where they are.
class Estate {
 public:
  using List = std::span<const Resource* const>;

  /// Memory for what resources refer to.
  Arena& arena() { return arena_; }
  /// One copy of a text that many resources share, such as a type.
  std::string_view intern(std::string_view text);
  /// What is not in the estate, and what that means.
  Completeness& completeness() { return completeness_; }
  const Completeness& completeness() const { return completeness_; }

  /// Subscription and resource group are taken from the id; everything else is the caller's.
  void add(Resource resource);

  /// Settles ids that stand twice, and builds the indexes; called once.
  ///
  /// A deployed resource replaces the same one of an export, both replace a mere reference; of an export's
  /// the last stands. Resources that several templates deploy are all kept, to be judged each as it would be
  /// deployed; look-ups give the last that is surely deployed.
  /// Diagnostics: EST0105 deployed twice for sure, EST0109 an id stands twice in exports.
  std::vector<Diagnostic> finish(const doc::Sources& sources);

  /// In the order they were added.
  List resources() const { return resources_; }
  const Resource* find(std::string_view id) const;
  /// By subscription and resource group, then as added.
  List of_type(std::string_view type) const;
  /// Those of a subscription, or of one of its resource groups.
  List of_type_in(std::string_view type, std::string_view subscription,
                  std::string_view resource_group = {}) const;
  /// Everything in a subscription, or in one of its resource groups; a group itself is in it.
  List inside(std::string_view subscription, std::string_view resource_group = {}) const;

  /// One level below by type segments: `.../servers/a/databases/b` of `.../servers/a`.
  std::vector<const Resource*> children(std::string_view id) const;
  /// Resources whose scope is that id: diagnostic settings, locks, role assignments ...; of a resource group
  /// everything top-level in it.
  std::vector<const Resource*> extensions(std::string_view id) const;
  /// All of that type below the resource: children at any depth, its extensions and their children, but not
  /// what extends its children.
  std::vector<const Resource*> below(std::string_view id, std::string_view type) const;

  /// All of that type that may lie below the resource though their ids do not say so, since one of them is
  /// open (beside scopes): a setting on `parameters('target')`. Not what surely stands below a resource
  /// that a template deploys, and nothing of exports.
  std::vector<const Resource*> perhaps_below(const Resource& resource, std::string_view type) const;

  /// Types that occur, as first written, and how many resources of each.
  std::vector<std::pair<std::string_view, std::size_t>> types() const;

 private:
  /// A subscription, a resource group in it, or (both empty) what is above.
  struct Container {
    std::string_view subscription;
    std::string_view resource_group;
  };
  struct Type {
    std::string_view name;
    std::uint32_t begin = 0;  // in by_type_
    std::uint32_t end = 0;
  };
  using Range = std::pair<std::uint32_t, std::uint32_t>;

  void settle_twins(const doc::Sources& sources, std::vector<Diagnostic>& diagnostics);
  bool both_deployed(std::uint32_t first, std::uint32_t second, const doc::Sources& sources,
                     std::vector<Diagnostic>& diagnostics);
  void index_parents();
  std::vector<std::uint32_t> number_containers();
  std::vector<std::uint32_t> sort_containers();
  void index_containers();
  void index_types();
  bool below_deployed(const Resource& resource) const;
  Range containers_of(std::string_view subscription, std::string_view resource_group) const;
  std::string_view parent_at(std::uint32_t number) const;
  template <class Visit>
  void for_each_below(std::string_view id, const Visit& visit) const;

  Arena arena_;
  Completeness completeness_;
  std::unordered_set<std::string_view> interned_;
  std::deque<Resource> all_;
  std::vector<std::uint32_t> parent_size_;  // of all_: the parent's id is that much of the id; kNone: no id
  std::vector<bool> dropped_;               // of all_: replaced by its twin
  std::vector<const Resource*> resources_;

  detail::TextIndex by_id_;
  detail::TextIndex by_parent_;              // the first resource below an id
  std::vector<std::uint32_t> next_sibling_;  // of all_

  std::vector<Container> containers_;           // sorted
  std::vector<std::uint32_t> container_begin_;  // in by_container_, one more than containers_
  std::vector<const Resource*> by_container_;

  std::vector<Type> types_;
  detail::TextIndex type_index_;
  std::vector<const Resource*> by_type_;
  std::vector<const Resource*> open_;             // their ids are open beside scopes
  std::vector<std::uint32_t> by_type_container_;  // the container of each of by_type_
};

}  // namespace redoubt::estate
