#pragma once

#include "policy/detail/environment.h"

namespace redoubt::policy::detail {

/// What modify or append would do to the resource. Source: effect modify; effect append; "Author policies for
/// arrays", Modifying arrays.
struct Changes {
  std::vector<Change> list;
  bool conflict = false;  ///< an append meets another value in the request
  std::vector<UnknownUse> unknown;
};
Result<Changes> work_out_changes(Scene& scene);

}  // namespace redoubt::policy::detail
