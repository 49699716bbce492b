#include "estate/detail/policy_content.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"

namespace redoubt::estate::detail {

using doc::Value;

namespace {

/// A row is told by its type, where it has one, else by a property that nothing else has.
struct ContentRow {
  std::string_view type;
  std::string_view property;
  PolicyContent content;
};

constexpr PolicyContent kDefinition{"policy definition", "give it with --policy"};

/// The first that fits counts: exemptions and states name an assignment and a definition too.
constexpr ContentRow kRows[] = {
    {"Microsoft.Authorization/policyDefinitions", "policyRule", kDefinition},
    {"Microsoft.Authorization/policySetDefinitions", "policyDefinitions", kDefinition},
    {"Microsoft.Authorization/policyExemptions",
     "exemptionCategory",
     {"policy exemptions",
      "name the file under exemptions in a zone file, or give it with --assign to preflight"}},
    {"Microsoft.PolicyInsights/policyStates",
     "complianceState",
     {"compliance states of Azure", "give them with --states to posture compare"}},
    {"Microsoft.Authorization/policyAssignments",
     "policyDefinitionId",
     {"policy assignments",
      "name the file under assignments in a zone file, or give it with --assign to preflight"}},
};

/// `Microsoft.Authorization/policyDefinitions/versions` is one too.
bool is_of(std::string_view type, std::string_view wanted) {
  return starts_with_any_case(type, wanted) && (type.size() == wanted.size() || type[wanted.size()] == '/');
}

const ContentRow* row_of(const Value& row) {
  const Value* const type = row.find_any_case("type");
  const Value* const properties = row.find_any_case("properties");
  const bool typed =
      type != nullptr && type->is_string() && type->as_string().find('/') != std::string_view::npos;
  const auto has = [&](std::string_view name) {
    return row.find_any_case(name) != nullptr ||
           (properties != nullptr && properties->find_any_case(name) != nullptr);
  };
  const auto* const found = std::find_if(std::begin(kRows), std::end(kRows), [&](const ContentRow& one) {
    return typed ? is_of(type->as_string(), one.type) : has(one.property);
  });
  return found == std::end(kRows) ? nullptr : found;
}

}  // namespace

const PolicyContent* policy_content(std::span<const Value> rows) {
  if (rows.empty()) return nullptr;
  const ContentRow* const first = row_of(rows.front());
  const bool all = first != nullptr && std::all_of(rows.begin() + 1, rows.end(),
                                                   [](const Value& row) { return row_of(row) != nullptr; });
  return all ? &first->content : nullptr;
}

const PolicyContent* policy_content(const Value& root) {
  if (root.is_array()) return policy_content(root.items());
  for (const std::string_view name : {"value", "data"})
    if (const Value* list = root.find_any_case(name); list != nullptr && list->is_array())
      return policy_content(list->items());
  return policy_content(std::span<const Value>(&root, 1));
}

}  // namespace redoubt::estate::detail
