#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "arm/detail/deployment.h"
#include "core/text.h"
#include "core/time.h"

namespace redoubt::arm {

using doc::Member;
using doc::UnknownType;
using doc::Value;

namespace {

/// Known text, or an unknown where a part is open: `origin` when that is the scope of the root.
Value part(Run& run, std::string_view value, std::string_view origin) {
  if (!is_open_text(value)) return doc::make_string(run.arena, value);
  const std::vector<Value> pieces = run.origins.read_form(value);
  return run.origins.partial_text(pieces, only_scopes_open(pieces) ? origin : std::string_view());
}

Value known_or_unknown(Run& run, std::string_view value, std::string_view origin) {
  if (!value.empty()) return doc::make_string(run.arena, value);
  return run.origins.unknown(UnknownType::String, origin, false, true);
}

/// Azure refuses such a deployment; the rest of the template can be judged all the same.
Value not_at(Run& run, std::string_view function, std::string_view level) {
  run.report({Error::Kind::InvalidInput,
              "ARM0204",
              fmt::format("{}() can't be used in a {} deployment", function, level),
              {},
              {}},
             {}, Severity::Warning);
  return run.origins.unknown(UnknownType::Object, fmt::format("{}()", function), false, true);
}

std::string_view level_name(ScopeKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"tenant", "management group", "subscription",
                                                             "resource group"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string named_group(const Scope& scope) { return fmt::format("resource group {}", scope.resource_group); }

/// The group's location: what the user said of the root's group, else what the template gives the group.
Value group_location(Deployment& deployment) {
  Run& run = deployment.run();
  const Deployment* root = &deployment;
  while (root->around() != nullptr)
    root = root->around();
  const std::string id = deployment.target().id();
  if (equal_any_case(root->target().id(), id))
    return known_or_unknown(run, run.options.location, "resourceGroup().location");
  if (const auto found = run.by_id.find(lower(id)); found != run.by_id.end() && !found->second->body.active) {
    const Result<Value> body = found->second->deployment->body(*found->second);
    if (const Value* location = body ? body->find_any_case("location") : nullptr) return *location;
  }
  return run.origins.property(UnknownType::String, "location", named_group(deployment.target()), id, true);
}

Result<Value> resource_group(Deployment& deployment) {
  Run& run = deployment.run();
  const Scope& scope = deployment.target();
  if (scope.kind != ScopeKind::ResourceGroup) return not_at(run, "resourceGroup", level_name(scope.kind));
  const Member state[] = {{"provisioningState", Value::string("Succeeded")}};
  const Member members[] = {
      {"id", part(run, scope.id(), "resourceGroup().id")},
      {"name", part(run, scope.resource_group, "resourceGroup().name")},
      {"type", Value::string("Microsoft.Resources/resourceGroups")},
      {"location", group_location(deployment)},
      {"tags", run.origins.property(UnknownType::Object, "tags", named_group(scope), scope.id(), true)},
      {"managedBy", run.origins.property(UnknownType::String, "managedBy", named_group(scope), scope.id())},
      {"properties", doc::make_object(run.arena, state)}};
  return doc::make_object(run.arena, members);
}

Value tenant_id(Run& run) { return known_or_unknown(run, run.options.tenant, "tenant().tenantId"); }

Result<Value> subscription(Deployment& deployment) {
  Run& run = deployment.run();
  const Scope& scope = deployment.target();
  if (scope.kind == ScopeKind::Tenant || scope.kind == ScopeKind::ManagementGroup)
    return not_at(run, "subscription", level_name(scope.kind));
  const Member members[] = {
      {"id", part(run, fmt::format("/subscriptions/{}", scope.subscription), "subscription().id")},
      {"subscriptionId", part(run, scope.subscription, "subscription().subscriptionId")},
      {"tenantId", tenant_id(run)},
      {"displayName", run.origins.unknown(UnknownType::String, "subscription().displayName", false, true)}};
  return doc::make_object(run.arena, members);
}

Result<Value> management_group(Deployment& deployment) {
  Run& run = deployment.run();
  const Scope& scope = deployment.target();
  if (scope.kind != ScopeKind::ManagementGroup) return not_at(run, "managementGroup", level_name(scope.kind));
  const Member properties[] = {
      {"displayName",
       run.origins.unknown(UnknownType::String, "managementGroup().properties.displayName", false, true)},
      {"tenantId", tenant_id(run)}};
  const Member members[] = {{"id", part(run, scope.id(), "managementGroup().id")},
                            {"name", part(run, scope.management_group, "managementGroup().name")},
                            {"type", Value::string("/providers/Microsoft.Management/managementGroups")},
                            {"properties", doc::make_object(run.arena, properties)}};
  return doc::make_object(run.arena, members);
}

Value tenant(Deployment& deployment) {
  Run& run = deployment.run();
  const Member members[] = {
      {"tenantId", tenant_id(run)},
      {"displayName", run.origins.unknown(UnknownType::String, "tenant().displayName", false, true)},
      {"countryCode", run.origins.unknown(UnknownType::String, "tenant().countryCode", false, true)}};
  return doc::make_object(run.arena, members);
}

Result<Value> deployment_object(Deployment& deployment) {
  Run& run = deployment.run();
  const Instance* instance = deployment.instance();
  const Member link[] = {
      {"uri",
       run.origins.unknown(UnknownType::String, "deployment().properties.templateLink.uri", false, true)}};
  const Member properties[] = {{"mode", Value::string("Incremental")},
                               {"provisioningState", Value::string("Accepted")},
                               {"template", deployment.root()},
                               {"templateLink", doc::make_object(run.arena, link)}};
  const Value name = instance != nullptr
                         ? instance->name_value
                         : run.origins.unknown(UnknownType::String, "deployment().name", false, true);
  const Member members[] = {
      {"name", name},
      {"id", run.origins.unknown(UnknownType::String, "deployment().id", false, true)},
      {"location", known_or_unknown(run, run.options.location, "deployment().location")},
      {"properties", doc::make_object(run.arena, properties)}};
  return doc::make_object(run.arena, members);
}

/// The public cloud, as `az cloud show --name AzureCloud` prints it. Source: "environment" function
/// reference.
constexpr std::string_view kEnvironment = R"({
  "name": "AzureCloud",
  "gallery": "https://gallery.azure.com/",
  "graph": "https://graph.windows.net/",
  "portal": "https://portal.azure.com",
  "graphAudience": "https://graph.windows.net/",
  "activeDirectoryDataLake": "https://datalake.azure.net/",
  "batch": "https://batch.core.windows.net/",
  "media": "https://rest.media.azure.net",
  "sqlManagement": "https://management.core.windows.net:8443/",
  "vmImageAliasDoc": "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
  "resourceManager": "https://management.azure.com/",
  "authentication": {
    "loginEndpoint": "https://login.microsoftonline.com/",
    "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
    "tenant": "common",
    "identityProvider": "AAD"
  },
  "suffixes": {
    "acrLoginServer": ".azurecr.io",
    "azureDatalakeAnalyticsCatalogAndJob": "azuredatalakeanalytics.net",
    "azureDatalakeStoreFileSystem": "azuredatalakestore.net",
    "azureFrontDoorEndpointSuffix": "azurefd.net",
    "keyvaultDns": ".vault.azure.net",
    "sqlServerHostname": ".database.windows.net",
    "storage": "core.windows.net"
  }
})";

// ---- resource ids

struct IdArguments {
  std::vector<std::string> before;  ///< what stands in front of the type
  std::string type;
  std::vector<std::string> names;
};

/// The type is told from what stands in front of it by its slash and by counting: it needs as many names as
/// it has segments. Source: "resourceId" function reference.
Result<IdArguments> read_id_arguments(Run& run, const Expression& call, std::span<const Value> arguments,
                                      std::size_t least_before, std::size_t most_before) {
  std::vector<std::string> texts;
  for (const Value& argument : arguments) {
    if (argument.is_null() || argument.is_bool() || argument.is_container() || argument.is_real())
      return fail(Error::Kind::InvalidInput, "ARM0301",
                  fmt::format("{}() takes text, not {}", call.name, name_of(argument.kind())));
    texts.push_back(text_form(argument, run.origins));
  }
  for (std::size_t before = least_before; before <= most_before && before + 1 < texts.size(); ++before) {
    std::string type = texts[before];
    while (type.ends_with('/'))
      type.pop_back();
    if (type.find('/') == std::string::npos || type.starts_with('/')) continue;
    if (type_segments(type) != texts.size() - before - 1) continue;
    const auto at = texts.begin() + static_cast<std::ptrdiff_t>(before);
    return IdArguments{{texts.begin(), at}, type, {at + 1, texts.end()}};
  }
  return fail(Error::Kind::InvalidInput, "ARM0302",
              fmt::format("{}() needs a resource type with one name for each of its segments", call.name));
}

Result<Value> resource_id(Deployment& deployment, const Expression& call, std::span<const Value> arguments) {
  Run& run = deployment.run();
  Scope scope = deployment.target();
  const bool extension =
      call.form == Form::ExtensionResourceId || call.form == Form::ManagementGroupResourceId;
  const std::size_t most = call.form == Form::ResourceId ? 2 : call.form == Form::TenantResourceId ? 0 : 1;
  const std::size_t least = call.form == Form::ExtensionResourceId ? 1 : 0;
  const IdArguments id = RD_TRY(read_id_arguments(run, call, arguments, least, most));
  std::string prefix;
  if (call.form == Form::TenantResourceId) {
    prefix.clear();
  } else if (call.form == Form::ExtensionResourceId) {
    prefix = id.before[0] == "/" ? std::string() : id.before[0];
  } else if (extension) {
    scope.kind = ScopeKind::ManagementGroup;
    if (!id.before.empty()) scope.management_group = id.before[0];
    prefix = scope.prefix();
  } else {
    if (call.form == Form::SubscriptionResourceId) scope.kind = ScopeKind::Subscription;
    if (call.form == Form::ResourceId && !id.before.empty()) {
      scope.kind = ScopeKind::ResourceGroup;
      scope.resource_group = id.before.back();
      if (id.before.size() == 2) scope.subscription = id.before.front();
    } else if (!id.before.empty()) {
      scope.subscription = id.before.front();
    }
    // Without names in front, at these levels the id has no scope. Source: "resourceId" function reference.
    if (call.form == Form::ResourceId && scope.kind == ScopeKind::ManagementGroup)
      scope.kind = ScopeKind::Tenant;
    // A resource group's id has the subscription in front of it, not a group.
    if (equal_any_case(id.type, "Microsoft.Resources/resourceGroups")) scope.kind = ScopeKind::Subscription;
    prefix = scope.prefix();
  }
  std::string name;
  for (const std::string& segment : id.names)
    name += (name.empty() ? "" : "/") + segment;
  const std::string text = make_resource_id(prefix, id.type, name);
  bool open = false;
  bool secret = false;
  for (const Value& argument : arguments) {
    open = open || argument.is_unknown();
    secret = secret || argument.secret();
  }
  Value out = doc::make_string(run.arena, text);
  // Open scopes alone are compared as text.
  if (open)
    if (const std::vector<Value> pieces = run.origins.read_form(text); !only_scopes_open(pieces))
      out = run.origins.partial_text(pieces);
  return secret ? out.as_secret() : out;
}

Result<Value> utc_now(Run& run, const Expression& call, std::span<const Value> arguments) {
  std::string_view format = "yyyyMMddTHHmmssZ";
  if (!arguments.empty()) {
    if (!arguments[0].is_string())
      return fail(Error::Kind::InvalidInput, "ARM0301", fmt::format("{}() takes a format text", call.name));
    format = arguments[0].as_string();
    if (arguments[0].secret())
      return run.origins.unknown(UnknownType::String, "utcNow('$secret')", true, true);
  }
  if (!run.options.now)
    return run.origins.unknown(UnknownType::String,
                               arguments.empty() ? "utcNow()" : fmt::format("utcNow('{}')", format), false,
                               true);
  const std::string text = RD_TRY(format_time(ZonedTime{*run.options.now, 0}, format));
  return doc::make_string(run.arena, text);
}

struct BuiltInRole {
  std::string_view name;
  std::string_view id;
};
/// Those that templates of landing zones give. Source: "Azure built-in roles".
constexpr BuiltInRole kRoles[] = {
    {"AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d"},
    {"AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec"},
    {"Azure AI Developer", "64702f94-c441-49e6-a78b-ef80e0188fee"},
    {"AzureML Data Scientist", "f6c7c914-8db3-469d-8ca1-694a8f32e121"},
    {"Cognitive Services Contributor", "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68"},
    {"Cognitive Services OpenAI Contributor", "a001fd3d-188f-4b5d-821b-7da978bf7442"},
    {"Cognitive Services OpenAI User", "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd"},
    {"Cognitive Services User", "a97b65f3-24c7-4388-baec-2e87135dc908"},
    {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
    {"Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483"},
    {"Key Vault Crypto Service Encryption User", "e147488a-f6f5-4113-8e2d-b22465e65bf6"},
    {"Key Vault Crypto User", "12338af0-0e69-4776-bea7-57ae8d297424"},
    {"Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6"},
    {"Log Analytics Contributor", "92aaf0da-9dab-42b6-94a3-d43ce8d16293"},
    {"Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830"},
    {"Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb"},
    {"Network Contributor", "4d97b98b-1d4f-4787-a291-c67834d212e7"},
    {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
    {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
    {"Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168"},
    {"Search Index Data Contributor", "8ebe5a00-799e-43f5-93ac-243d3dce84a7"},
    {"Search Index Data Reader", "1407120a-92aa-4202-b7e9-c0e197c71c8f"},
    {"Search Service Contributor", "7ca78c08-252a-4471-8644-bb5ff32d4ba0"},
    {"Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"},
    {"Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"},
    {"Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"},
    {"User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
};

/// Of a role that is not listed the id is unknown.
Result<Value> role_definitions(Deployment& deployment, const Expression& call, const Value& name) {
  Run& run = deployment.run();
  for (const BuiltInRole& role : kRoles)
    if (name.is_string() && equal_any_case(name.as_string(), role.name)) {
      const std::string id = fmt::format("/providers/Microsoft.Authorization/roleDefinitions/{}", role.id);
      const doc::Member members[] = {{"id", doc::make_string(run.arena, id)},
                                     {"roleDefinitionId", Value::string(role.id)}};
      return doc::make_object(run.arena, members);
    }
  return run.origins.derived(UnknownType::Object, call.name, std::span<const Value>(&name, 1));
}

}  // namespace

Result<Value> scope_function(Deployment& deployment, const Expression& call,
                             std::span<const Value> arguments) {
  Run& run = deployment.run();
  switch (call.form) {
    case Form::ResourceGroup:
      return resource_group(deployment);
    case Form::Subscription:
      return subscription(deployment);
    case Form::ManagementGroup:
      return management_group(deployment);
    case Form::Tenant:
      return tenant(deployment);
    case Form::Deployment:
      return deployment_object(deployment);
    case Form::Environment:
      return doc::parse_json(run.arena, kEnvironment);
    case Form::ResourceId:
    case Form::SubscriptionResourceId:
    case Form::TenantResourceId:
    case Form::ManagementGroupResourceId:
    case Form::ExtensionResourceId:
      return resource_id(deployment, call, arguments);
    case Form::NewGuid:
      return run.origins.unknown(
          UnknownType::String,
          ++run.new_guids == 1 ? "newGuid()" : fmt::format("newGuid() #{}", run.new_guids), false, true);
    case Form::UtcNow:
      return utc_now(run, call, arguments);
    case Form::RoleDefinitions:
      return role_definitions(deployment, call, arguments[0]);
    case Form::Deployer:
      return run.origins.unknown(UnknownType::Object, "deployer()", false, true);
    case Form::Providers:
    case Form::Extensions:
      return run.origins.derived(UnknownType::Object, call.name, arguments);
    case Form::PickZones:
    case Form::ToLogicalZones:
    case Form::ToPhysicalZones:
      return run.origins.derived(UnknownType::Array, call.name, arguments);
    case Form::ToLogicalZone:
    case Form::ToPhysicalZone:
      return run.origins.derived(UnknownType::String, call.name, arguments);
    default:
      return fail(Error::Kind::InvalidInput, "ARM0204", fmt::format("{}() can't be used here", call.name));
  }
}

}  // namespace redoubt::arm
