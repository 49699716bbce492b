#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "doc/sources.h"
#include "doc/value.h"
#include "policy/alias_entry.h"

namespace redoubt::policy {

/// An alias as a user's file lists it.
struct ListedAlias {
  std::string resource_type;  ///< under which it is listed; empty where the form has none
  AliasEntry entry;
};

/// Reads lists of aliases: what `az provider list --expand resourceTypes/aliases` or `az provider show`
/// prints (also as the REST API pages it), what `Get-AzPolicyAlias | ConvertTo-Json` prints, and maps from
/// alias to a path or to an object of the same form as theirs. Member names ignore case.
///
/// The default path of an alias without one is that of its newest api version. Metadata and pattern of the
/// default path hold where a path has none of its own (metadata) or for the default path alone (pattern).
/// Errors: POL0902 no such form, POL0903 an alias without name or path; the others are still read.
/// Source: REST API reference, Resources, Providers - List (Alias, AliasPath, AliasPathMetadata).
Reading<std::vector<ListedAlias>> read_aliases(const doc::Value& list, const doc::Sources& sources);

}  // namespace redoubt::policy
