#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "estate/detail/inputs.h"

namespace redoubt::estate::detail {

/// Which templates are deployments of their own.
struct LinkPlan {
  std::vector<std::size_t> roots;         ///< indexes, ascending
  std::vector<std::size_t> reached_from;  ///< of each template, the one that links it; itself for a root
};

/// Templates that a literal `templateLink.relativePath` of another leads to are reached through it. Of
/// templates that only link each other the first is a root.
LinkPlan plan_links(const std::deque<Input>& templates);

}  // namespace redoubt::estate::detail
