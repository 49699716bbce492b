#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace redoubt::estate::detail {

/// `/subscriptions/s` and `/subscriptions/s/resourceGroups/g` in front of an id, whatever follows.
struct Containers {
  std::string_view subscription;    ///< empty above subscriptions
  std::string_view resource_group;  ///< empty above groups
  std::size_t subscription_end = 0;
  std::size_t end = 0;
};
Containers containers_of(std::string_view id);

/// A resource id taken apart without copying: every part is a piece of the id's text.
struct IdParts {
  std::string_view scope;     ///< id of the group, or of what an extension resource extends; empty: tenant
  std::string_view provider;  ///< `Ns/a/x/b/y`; empty for subscriptions and resource groups
  std::string_view parent;    ///< one level up: the resource named in front, else the scope
  Containers containers;
};

/// Slashes inside braces (open parts) do not count. Nothing for text that is no resource id. Linear.
/// Source: "Resource ID formats", Azure Resource Manager documentation.
std::optional<IdParts> split_id(std::string_view id);

/// Walks the segments of a path; braces as above. Linear over all of them.
class Segments {
 public:
  explicit Segments(std::string_view path);

  /// Empty at the end.
  std::string_view next();
  /// The offset of the next slash that counts at or after `at`, or the path's size.
  std::size_t slash(std::size_t at) const;

 private:
  std::string_view path_;
  std::size_t at_ = 0;
  bool braces_;  // every brace is closed; else they are plain characters
};

}  // namespace redoubt::estate::detail
