#pragma once

#include <span>
#include <string_view>

#include "doc/value.h"

namespace redoubt::estate::detail {

/// JSON about policies: it has rows as an export has, and is nothing to judge.
struct PolicyContent {
  std::string_view reason;
  std::string_view remedy;
};

/// What the rows are, by the first, when all of them are definitions, assignments, exemptions or compliance
/// states; null otherwise. As their deployment, `az policy ... list`, Resource Graph's policyresources and
/// the REST answers write them.
const PolicyContent* policy_content(std::span<const doc::Value> rows);
/// The same of a document: one row, a list, a page with its rows under `value` or `data`.
const PolicyContent* policy_content(const doc::Value& root);

}  // namespace redoubt::estate::detail
