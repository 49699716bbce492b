#pragma once

#include <string_view>

#include "arm/expand.h"
#include "arm/origins.h"
#include "doc/value.h"
#include "estate/estate.h"

namespace redoubt::estate {

/// Adds what a template deploys or refers to; the expansion must outlive the estate. `path` is the template's
/// name in reasons for what is not known.
///
/// Types and names are those of the id, so that `vaults/providers/diagnosticSettings` is a diagnostic setting
/// that extends the vault. Nested deployments are resources too.
/// What could not be evaluated at all has unknown properties, never missing ones. `place` is the template's.
///
/// Beside ARM's resources are those of other extensions, under `SCOPE/extensions/NAME/TYPE/NAMESPACE/NAME`,
/// and the subscription that a template of that scope deploys into, as existing.
void add_template(Estate& estate, arm::Origins& origins, const arm::Expansion& expansion,
                  std::string_view path, doc::Place place);

}  // namespace redoubt::estate
