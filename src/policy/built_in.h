#pragma once

#include "policy/alias_table.h"
#include "policy/type_table.h"

namespace redoubt::policy {

/// The tables inside the binary (content/azure/NOTICE.md names their sources). Opening them is cheap: nothing
/// is parsed.
AliasTable built_in_aliases();
TypeTable built_in_types();

}  // namespace redoubt::policy
