#include "arm/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "arm/detail/deployment.h"
#include "core/text.h"

namespace redoubt::arm {

using doc::Value;

namespace {

struct SchemaRow {
  std::string_view name;
  ScopeKind kind;
};
constexpr SchemaRow kSchemas[] = {
    {"/subscriptiondeploymenttemplate.json", ScopeKind::Subscription},
    {"/managementgroupdeploymenttemplate.json", ScopeKind::ManagementGroup},
    {"/tenantdeploymenttemplate.json", ScopeKind::Tenant},
    {"/deploymenttemplate.json", ScopeKind::ResourceGroup},
};

std::optional<ScopeKind> schema_kind(const Value& root) {
  const std::optional<std::string_view> schema = root.text_of("$schema");
  if (!schema) return std::nullopt;
  const std::string text = lower(*schema);
  for (const SchemaRow& row : kSchemas)
    if (text.find(row.name) != std::string::npos) return row.kind;
  return std::nullopt;
}

/// The scope the user gave, at the level the template is for.
Scope root_scope(ScopeKind kind, const ExpandOptions& options) {
  Scope scope;
  if (options.scope) scope = *options.scope;
  // A tenant template deploys to the tenant whatever was given; else a scope of another level gives its
  // parts.
  scope.kind = kind;
  return scope;
}

/// Turns instances into resources, depth first.
class Collector {
 public:
  Collector(Run& run, Expansion& out) : run_(run), out_(out) {}

  void deployment(Deployment& deployment, const std::string& path) {
    deployment.ensure_registered();
    for (Instance* instance : deployment.instances())
      add(*instance, path);
  }

 private:
  void add(Instance& instance, const std::string& path) {
    if (!instance.off) {
      out_.resources.push_back(to_resource(instance, path));
      if (instance.is_deployment() && !instance.existing)
        if (Deployment* nested = instance.deployment->nested(instance)) {
          deployment(*nested, path.empty() ? instance.name : path + "/" + instance.name);
          nested->check_unused_loops();
        }
    }
    for (const auto& child : instance.children)
      add(*child, path);
  }

  Resource to_resource(Instance& instance, const std::string& path) {
    Resource resource;
    resource.id = instance.id;
    resource.type = instance.type;
    resource.name = instance.name;
    resource.scope = instance.scope;
    resource.extension = instance.extension;
    resource.deployment = path;
    resource.condition = instance.condition;
    resource.open = instance.open;
    resource.existing = instance.existing;
    resource.place = instance.declaration->place();
    const std::uint32_t before = run_.not_evaluated;
    Result<Value> body = instance.deployment->body(instance);
    if (body) {
      resource.body = *body;
      resource.broken = run_.not_evaluated != before;
    } else {
      run_.give_up(body.error(), resource.place);
      resource.broken = true;
    }
    return resource;
  }

  Run& run_;
  Expansion& out_;
};

void note_missing_parameters(Run& run, Deployment& root, const Value& document) {
  const Value* declarations = document.find_any_case("parameters");
  if (declarations == nullptr || !declarations->is_object()) return;
  for (const doc::Member& member : declarations->members()) {
    const Result<Value> value = root.parameter(member.name);
    if (!value) run.give_up(value.error(), member.value.place());
    if (!value || !value->is_unknown() || value->place() != member.value.place()) continue;
    run.report({Error::Kind::InvalidInput,
                "ARM0108",
                fmt::format("the parameter {} has no value; what depends on it is unknown", member.name),
                {},
                "give it in a parameter file"},
               member.value.place(), Severity::Hint);
  }
}

/// Names of properties have no case: of two spellings in one object one would be passed over in silence.
/// Documents are of bounded depth.
void warn_of_spellings(Run& run, const Value& node) {
  if (node.is_array())
    for (const Value& item : node.items())
      warn_of_spellings(run, item);
  if (!node.is_object()) return;
  std::unordered_map<std::string, std::string_view> seen;
  for (const doc::Member& member : node.members()) {
    warn_of_spellings(run, member.value);
    const auto [first, is_new] = seen.try_emplace(lower(member.name), member.name);
    if (!is_new)
      run.report({Error::Kind::InvalidInput,
                  "DOC0104",
                  fmt::format("the property stands twice, in two spellings; names have no case: {} and {}",
                              first->second, member.name),
                  {},
                  "take one of them out"},
                 member.value.place(), Severity::Warning);
  }
}

}  // namespace

bool is_template(const Value& root) {
  if (!root.is_object()) return false;
  if (schema_kind(root)) return true;
  if (root.text_of("$schema")) return false;
  const Value* resources = root.find_any_case("resources");
  return resources != nullptr && resources->is_container() && root.find_any_case("contentVersion") != nullptr;
}

bool is_parameter_file(const Value& root) {
  if (!root.is_object()) return false;
  const std::optional<std::string_view> schema = root.text_of("$schema");
  if (schema) return lower(*schema).find("deploymentparameters.json") != std::string::npos;
  const Value* parameters = root.find_any_case("parameters");
  if (parameters == nullptr || !parameters->is_object() || root.find_any_case("resources") != nullptr)
    return false;
  if (root.find_any_case("contentVersion") != nullptr) return true;
  // Without the frame, what is inside tells: {name: {value}} or {name: {reference}}.
  return root.size() == 1 && parameters->size() > 0 &&
         std::all_of(parameters->members().begin(), parameters->members().end(),
                     [](const doc::Member& member) {
                       return member.value.find_any_case("value") != nullptr ||
                              member.value.find_any_case("reference") != nullptr;
                     });
}

const Value* given_parameters(const Value& root) {
  if (!root.is_object() || is_template(root)) return nullptr;
  if (!is_parameter_file(root)) return &root;
  const Value* values = root.find_any_case("parameters");
  return values != nullptr && values->is_object() ? values : nullptr;
}

Result<Reading<Expansion>> expand(doc::Sources& sources, Origins& origins, const doc::Document& document,
                                  const Value* parameters, const ExpandOptions& options) {
  if (!is_template(document.root))
    return fail(Error::Kind::InvalidInput, "ARM0100", "this is no deployment template",
                sources.where(document.root.place()),
                "a template has a $schema of deploymentTemplate.json and resources");
  Reading<Expansion> reading;
  Expansion& out = reading.value;
  out.arena = std::make_unique<Arena>();
  out.kind = schema_kind(document.root).value_or(ScopeKind::ResourceGroup);
  out.scope = root_scope(out.kind, options);
  Run run{sources, origins, options, *out.arena};
  Deployment root(run, document.root, nullptr, nullptr, out.scope, true);
  root.supply_parameters(parameters == nullptr ? nullptr : given_parameters(*parameters), {});
  root.check_supplied();
  note_missing_parameters(run, root, document.root);
  Collector(run, out).deployment(root, {});
  for (const std::string& name : root.output_names()) {
    const Result<Value> value = root.output(name);
    if (value)
      out.outputs.emplace_back(name, *value);
    else if (value.error().code != "ARM0205")
      run.report(value.error(), document.root.find_any_case("outputs")->place());
  }
  root.check_unused_loops();
  if (const Value* resources = document.root.find_any_case("resources")) warn_of_spellings(run, *resources);
  out.failed = run.failed;
  out.unread_links = std::move(run.unread_links);
  reading.diagnostics = std::move(run.diagnostics);
  for (doc::Document& linked : run.linked)
    out.linked.push_back(std::move(linked));
  return reading;
}

Result<Value> evaluate_text(std::string_view text, const Value* parameters, const Value* variables,
                            bool policy_language, Origins& origins, Arena& arena,
                            const ExpandOptions& options) {
  return evaluate_value(Value::string(text), parameters, variables, policy_language, origins, arena, options);
}

Result<Value> evaluate_value(const Value& node, const Value* parameters, const Value* variables,
                             bool policy_language, Origins& origins, Arena& arena,
                             const ExpandOptions& options) {
  doc::Sources sources;
  Run run{sources, origins, options, arena};
  run.expressions = ExpressionCache(arena, policy_language ? Language::Policy : Language::Arm);
  Scope scope = options.scope.value_or(Scope{});
  Deployment deployment(run, Value::object({}), nullptr, nullptr, scope, true);
  if (parameters != nullptr && parameters->is_object())
    for (const doc::Member& member : parameters->members())
      deployment.set_parameter(member.name, member.value);
  if (variables != nullptr && variables->is_object())
    for (const doc::Member& member : variables->members())
      deployment.set_variable(member.name, member.value);
  Surroundings surroundings(deployment);
  return deployment.resolve(node, surroundings);
}

}  // namespace redoubt::arm
