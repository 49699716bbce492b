#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "estate/resource.h"
#include "estate/scope_tree.h"
#include "report/page.h"

namespace redoubt::posture {

/// The places that resources lie in, as a page shows them: the landing zone's tree where there is one, below
/// it the subscriptions and resource groups of what is asked for.
class PageScopes {
 public:
  /// More than this many are not told apart: what lies in further groups counts for their subscription.
  static constexpr std::size_t kMost = 5'000;

  explicit PageScopes(const estate::ScopeTree* tree);

  /// Number of the scope of a resource; kTop when it is not known.
  std::int32_t of(const estate::Resource& resource);
  std::vector<report::PageScope>& scopes() { return scopes_; }

 private:
  std::int32_t add(std::string_view id, std::string title, std::string_view kind, std::int32_t parent);
  std::int32_t find(const std::string& canonical) const;
  std::int32_t above_groups(const estate::Resource& resource) const;

  std::vector<report::PageScope> scopes_;
  std::unordered_map<std::string, std::int32_t> by_id_;  // canonical
};

}  // namespace redoubt::posture
