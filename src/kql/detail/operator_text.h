#pragma once

#include <string>

#include "kql/detail/plan_names.h"

namespace redoubt::kql::detail {

/// `name: type, ...` of the columns of rows.
std::string columns_text(const Relation& rows);

/// An operator on one line, without what it reads.
std::string operator_text(const Relation& rows, PlanNames& names);

}  // namespace redoubt::kql::detail
