#pragma once

#include "policy/detail/environment.h"

namespace redoubt::policy::detail {

/// What metadata.fix of the definition says in place of a fix without a value: the entry of the derived fix's
/// path, else the first that needs no element of an array; the derived one where there is none.
std::optional<Fix> with_written_fix(Scene& scene, std::optional<Fix> derived);

}  // namespace redoubt::policy::detail
