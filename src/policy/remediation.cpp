#include "policy/remediation.h"

#include <fmt/format.h>

#include <algorithm>

#include "arm/expand.h"
#include "core/text.h"
#include "policy/detail/compiler.h"
#include "policy/detail/environment.h"

namespace redoubt::policy {

using detail::CompiledRule;
using doc::Member;
using doc::Value;

namespace {

constexpr std::string_view kParameterSchema =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#";

/// The `$schema` of a template for the scope that the policy names: built-ins often write another one.
std::string_view schema_for(const Value& scope) {
  if (!scope.is_string()) return {};
  if (equal_any_case(scope.as_string(), "subscription"))
    return "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";
  if (equal_any_case(scope.as_string(), "resourceGroup"))
    return "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
  return {};
}

class Planner {
 public:
  Planner(const Policy& policy, const estate::Resource& resource, const RequestContext& context,
          doc::Sources& sources, arm::Origins& origins, const RemediationLimits& limits)
      : rule_(policy.rule()),
        resource_(resource),
        context_(context),
        sources_(sources),
        origins_(origins),
        limits_(limits) {}

  RemediationPlan run() {
    const detail::DeploymentDetails& details = rule_.related.deployment;
    if (details.roles.is_array())
      for (const Value& role : details.roles.items())
        if (role.is_string()) out_.role_definition_ids.emplace_back(role.as_string());
    const Value* properties = details.deployment.find_any_case("properties");
    const Value* embedded = properties == nullptr ? nullptr : properties->find_any_case("template");
    if (embedded == nullptr) {
      if (!details.deployment.is_null()) hint("POL0501", "it embeds no template", details.deployment.place());
      return std::move(out_);
    }
    expand(*embedded, parameters(properties->find_any_case("parameters")));
    return std::move(out_);
  }

 private:
  void hint(std::string_view code, std::string_view why, doc::Place place) {
    out_.hints.push_back(
        {Severity::Hint,
         std::string(code),
         fmt::format("what the policy {} would deploy is not shown in full: {}", rule_.name, why),
         sources_.where(place),
         {}});
  }

  /// A parameter file of what the deployment gets.
  Value parameters(const Value* given) {
    std::vector<Member> values;
    scratch_.parameters = rule_.parameters;
    scratch_.origins = &origins_;
    scratch_.aliases = rule_.aliases;
    scratch_.type_table = rule_.type_table;
    scratch_.only_listed_aliases = rule_.only_listed_aliases;
    detail::Scene scene{scratch_, resource_, &resource_, &resource_.body, context_, arena_, origins_};
    scene.budget = {.steps = limits_.max_steps, .bytes = limits_.max_bytes};
    if (given != nullptr && given->is_object())
      for (const Member& member : given->members())
        values.push_back({member.name, parameter(scene, member)});
    const Member file[] = {{"$schema", Value::string(kParameterSchema)},
                           {"contentVersion", Value::string("1.0.0.0")},
                           {"parameters", doc::make_object(arena_, values)}};
    return doc::make_object(arena_, file);
  }

  Value parameter(detail::Scene& scene, const Member& member) {
    const Value* written = member.value.find_any_case("value");
    if (written == nullptr) return member.value;
    const CompileOptions options{rule_.aliases, rule_.type_table, &origins_, rule_.only_listed_aliases};
    Result<Value> value = [&]() -> Result<Value> {
      const detail::Operand operand = RD_TRY(detail::Compiler(scratch_, options).operand(*written));
      return value_of(scene, operand);
    }();
    if (!value) {
      hint("POL0501", fmt::format("its parameter {}: {}", member.name, value.error().message),
           written->place());
      value =
          origins_.unknown(doc::UnknownType::Any, fmt::format("parameter {} of {}", member.name, rule_.name));
    }
    const Member entry[] = {{"value", *value}};
    return doc::make_object(arena_, entry);
  }

  arm::ExpandOptions expand_options() const {
    arm::ExpandOptions options;
    options.scope.emplace();
    if (!resource_.subscription.empty()) options.scope->subscription = resource_.subscription;
    if (!resource_.resource_group.empty()) options.scope->resource_group = resource_.resource_group;
    if (const Value* location = context_.resource_group.find_any_case("location");
        location != nullptr && location->is_string())
      options.location = location->as_string();
    options.now = context_.now;
    options.follow_links = false;
    options.max_steps = limits_.max_steps;
    options.max_bytes = limits_.max_bytes;
    return options;
  }

  Value for_scope(const Value& embedded) {
    const std::string_view schema = schema_for(rule_.related.deployment.scope);
    if (schema.empty() || !embedded.is_object()) return embedded;
    std::vector<Member> members{{"$schema", Value::string(schema)}};
    for (const Member& member : embedded.members())
      if (!equal_any_case(member.name, "$schema")) members.push_back(member);
    return doc::make_object(arena_, members).at(embedded.place());
  }

  void expand(const Value& embedded, const Value& given) {
    doc::Document document;
    document.root = for_scope(embedded);
    const arm::ExpandOptions options = expand_options();
    const Result<Reading<arm::Expansion>> expansion =
        arm::expand(sources_, origins_, document, &given, options);
    if (!expansion) return hint("POL0501", expansion.error().message, embedded.place());
    const arm::Expansion& value = expansion->value;
    for (const arm::Resource& resource : value.resources)
      if (!add(resource)) break;
    for (const std::string& name : value.unread_links)
      hint("POL0501", fmt::format("the template of its deployment {} is not known", name), embedded.place());
    if (!value.failed) return;
    const auto& said = expansion->diagnostics;
    const auto worst = std::find_if(said.begin(), said.end(),
                                    [](const Diagnostic& one) { return one.severity == Severity::Error; });
    hint("POL0501", worst == said.end() ? "its template can't be expanded" : worst->message,
         embedded.place());
  }

  bool add(const arm::Resource& resource) {
    const bool frame = equal_any_case(resource.type, "Microsoft.Resources/deployments");
    if (resource.existing || frame || !resource.extension.empty()) return true;
    // By the id: `a/providers/diagnosticSettings` is an extension resource's own type.
    const std::optional<arm::ResourceId> id = arm::ResourceId::parse(resource.id);
    RemediationPlan::Created one{id ? id->type : resource.type, id ? id->name : resource.name};
    if (std::find(out_.creates.begin(), out_.creates.end(), one) != out_.creates.end()) return true;
    if (out_.creates.size() >= limits_.max_resources) {
      hint("POL0502", fmt::format("more than {} resources", limits_.max_resources), resource.place);
      return false;
    }
    out_.creates.push_back(std::move(one));
    return true;
  }

  const CompiledRule& rule_;
  const estate::Resource& resource_;
  const RequestContext& context_;
  doc::Sources& sources_;
  arm::Origins& origins_;
  const RemediationLimits& limits_;
  CompiledRule scratch_;  // what the parameters are compiled into
  Arena arena_;
  RemediationPlan out_;
};

}  // namespace

RemediationPlan remediation(const Policy& policy, const estate::Resource& resource,
                            const RequestContext& context, doc::Sources& sources, arm::Origins& origins,
                            const RemediationLimits& limits) {
  return Planner(policy, resource, context, sources, origins, limits).run();
}

}  // namespace redoubt::policy
