#pragma once

#include <string_view>

#include "estate/estate.h"

namespace redoubt::estate::detail {

/// Type and name as a resource's id gives them, kept by the estate where they are not pieces of the id.
struct Identity {
  std::string_view type;
  std::string_view name;  ///< `parent/child`
};

/// Empty for text that is no resource id. Subscriptions and resource groups have the types that policy rules
/// name: `Microsoft.Resources/subscriptions`, `Microsoft.Resources/subscriptions/resourceGroups`.
Identity identity_of(std::string_view id, Estate& estate);

}  // namespace redoubt::estate::detail
