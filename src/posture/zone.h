#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "arm/origins.h"
#include "content/store.h"
#include "core/result.h"
#include "doc/sources.h"
#include "estate/scope_tree.h"
#include "policy/alz_library.h"
#include "policy/assignment_index.h"
#include "policy/library.h"
#include "posture/zone_file.h"

namespace redoubt::posture {

/// A landing zone: the tree of scopes, what is assigned and exempted in it, and the definitions of that.
class Zone {
 public:
  explicit Zone(arm::Origins& origins) : alz_(origins) {}
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;

  /// What no path gives is looked for in the content of the data directory; its Azure Landing Zones libraries
  /// give the tree where `from` describes none. Of long lists only what is assigned is parsed.
  /// Errors: those of AlzLibrary::place and content::Store, POL0204 a path is not there. Diagnostics: those
  /// of the readers and of ScopeTree, POS0010 an assignment at a scope that is not in the tree, POS0011 an
  /// exemption of an assignment that is not there, POS0012 one outside of its assignment's scope.
  Result<void> load(doc::Sources& sources, const ZoneSources& from);

  /// A subscription that a deployment goes to, where the tree does not know it.
  void add_subscription(std::string_view id, std::string_view group);

  const estate::ScopeTree& tree() const { return tree_; }
  const policy::Library& library() const { return library_; }
  const std::vector<const policy::Assignment*>& assignments() const { return assignments_; }
  const std::vector<const policy::Exemption*>& exemptions() const { return exemptions_; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }

 private:
  Result<void> load_policies(doc::Sources& sources, const ZoneSources& from);
  Result<void> take(std::vector<Diagnostic> diagnostics);
  void check(const doc::Sources& sources);

  policy::AlzLibrary alz_;
  std::optional<content::Store> kept_;  // the content of the data directory
  policy::Library library_;
  estate::ScopeTree tree_;
  std::vector<const policy::Assignment*> assignments_;
  std::vector<const policy::Exemption*> exemptions_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace redoubt::posture
