#include "policy/remediation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "arm/resource_id.h"
#include "doc/json.h"
#include "policy/built_in.h"
#include "testing/cases.h"

namespace redoubt::policy {
namespace {

using doc::Value;

estate::Resource resource_of(const Value& node) {
  estate::Resource out;
  out.body = node;
  out.id = node.text_of("id").value_or("");
  out.type = node.text_of("type").value_or("");
  out.name = node.text_of("name").value_or("");
  if (const std::optional<arm::ResourceId> id = arm::ResourceId::parse(out.id))
    if (const std::optional<arm::Scope> scope = arm::Scope::parse(id->scope)) {
      out.subscription = out.id.substr(out.id.find(scope->subscription), scope->subscription.size());
      if (scope->kind == arm::ScopeKind::ResourceGroup)
        out.resource_group = out.id.substr(out.id.find(scope->resource_group), scope->resource_group.size());
    }
  return out;
}

/// `{definition, parameters?, resource, context?: {resourceGroup}, limits?: {steps, resources}}` ->
/// what is created, roles, hints.
std::string render(std::string_view input) {
  doc::Sources sources;
  arm::Origins origins;
  Result<Reading<doc::Document>> document = doc::read_json(sources, "case.json", std::string(input));
  if (!document) return document.error().text();
  const Value& root = document->value.root;
  const Result<Definition> definition = read_definition(*root.find("definition"));
  if (!definition) return definition.error().text();
  static const AliasCatalogue aliases(built_in_aliases());
  const TypeTable types = built_in_types();
  const Value* parameters = root.find("parameters");
  const Result<Policy> policy = compile(*definition, parameters == nullptr ? Value::null() : *parameters,
                                        {&aliases, &types, &origins, false, &sources});
  if (!policy) return policy.error().text();
  RequestContext context;
  context.now = Instant{638'000'000'000'000'000};
  if (const Value* around = root.find("resourceGroup")) context.resource_group = *around;
  RemediationLimits limits;
  if (const Value* given = root.find("limits")) {
    if (const Value* steps = given->find("steps"))
      limits.max_steps = static_cast<std::uint64_t>(steps->as_int());
    if (const Value* resources = given->find("resources"))
      limits.max_resources = static_cast<std::size_t>(resources->as_int());
  }
  const RemediationPlan plan =
      remediation(*policy, resource_of(*root.find("resource")), context, sources, origins, limits);
  std::string out;
  for (const RemediationPlan::Created& one : plan.creates)
    out += fmt::format("{} {}\n", one.type, one.name);
  for (const std::string& role : plan.role_definition_ids)
    out += fmt::format("role {}\n", role);
  for (const Diagnostic& hint : plan.hints)
    out += hint.text() + "\n";
  return out.empty() ? "nothing\n" : out;
}

[[maybe_unused]] const bool registered =
    testing::register_cases("PolicyRemediation", "tests/policy/cases/remediation", render);

}  // namespace
}  // namespace redoubt::policy
