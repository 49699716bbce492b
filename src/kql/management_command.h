#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "kql/syntax.h"

namespace redoubt::kql {

/// KQL0305 (InvalidInput), at its place: a text is a management command (`.create table ...`), which is no
/// query. `fate` says what does not become of it: `is not run`.
Result<void> check_no_command(const Syntax& syntax, std::string_view fate, std::string hint);

}  // namespace redoubt::kql
