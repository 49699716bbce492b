#pragma once

#include <vector>

#include "policy/detail/environment.h"

namespace redoubt::policy::detail {

/// What decided that a condition came out as it did, and what would turn it.
struct Decision {
  Explanation explanation;
  std::optional<Fix> fix;
};
/// With `fact` it says how the condition came out, else what would turn it.
Decision explain(Scene& scene, const Condition& condition, Truth outcome, std::string_view rule_path,
                 bool fact = false);

/// Every unknown that a condition hangs on, with the field it stands in.
void collect_unknowns(Scene& scene, const Condition& condition, std::vector<UnknownUse>& out);
void add_unknowns_of(const Scene& scene, const doc::Value& value, std::string_view field,
                     std::vector<UnknownUse>& out);

/// A value in a message: short JSON, secrets and unknowns by name.
std::string shown(const Scene& scene, const doc::Value& value);
/// The same, however long.
std::string in_whole(const Scene& scene, const doc::Value& value);

}  // namespace redoubt::policy::detail
