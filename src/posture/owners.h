#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "estate/scope_tree.h"
#include "posture/zone_file.h"

namespace redoubt::posture {

struct Ownership {
  std::string owner;
  std::string environment;
};

/// Who answers for a scope: the nearest owner, and the nearest environment, at it or above it.
class Owners {
 public:
  /// Diagnostics: POS0009 an owner of a scope that the tree does not have.
  Owners(const estate::ScopeTree& tree, const std::vector<ZoneOwner>& owners, const doc::Sources& sources,
         std::vector<Diagnostic>& diagnostics);

  /// Null when nobody is named. Safe to use from several threads.
  const Ownership* of(std::string_view scope) const;

 private:
  const estate::ScopeTree& tree_;
  std::unordered_map<std::string, Ownership> by_scope_;  // canonical
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Ownership> known_;  // by the nearest scope; guarded by mutex_
};

}  // namespace redoubt::posture
