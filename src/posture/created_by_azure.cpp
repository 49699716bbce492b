#include "posture/created_by_azure.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "posture/detail/preflight_digest.h"

namespace redoubt::posture {

using doc::Value;

namespace {

/// One row for each type and place. The types are those that a deployment with default settings makes.
constexpr CreatedByAzure kRows[] = {
    {.type = "Microsoft.ContainerService/managedClusters",
     .where = "in the resource group",
     .group = "MC_*",
     .group_named = "properties.nodeResourceGroup",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups",
                 "Microsoft.Compute/virtualMachineScaleSets", "Microsoft.Network/loadBalancers",
                 "Microsoft.Network/publicIPAddresses", "Microsoft.Network/networkSecurityGroups",
                 "Microsoft.Network/routeTables", "Microsoft.ManagedIdentity/userAssignedIdentities"},
     .source = "https://learn.microsoft.com/azure/aks/faq"},
    {.type = "Microsoft.RedHatOpenShift/openShiftClusters",
     .where = "in the resource group",
     .group = "aro-*",
     .group_named = "properties.clusterProfile.resourceGroupId",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Compute/virtualMachines",
                 "Microsoft.Compute/disks", "Microsoft.Network/loadBalancers",
                 "Microsoft.Network/networkInterfaces", "Microsoft.Network/networkSecurityGroups",
                 "Microsoft.Storage/storageAccounts"},
     .source = "https://learn.microsoft.com/azure/openshift/openshift-faq"},
    {.type = "Microsoft.Databricks/workspaces",
     .where = "in the resource group",
     .group = "databricks-rg-*",
     .group_named = "properties.managedResourceGroupId",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Storage/storageAccounts",
                 "Microsoft.ManagedIdentity/userAssignedIdentities", "Microsoft.Databricks/accessConnectors"},
     .source = "https://learn.microsoft.com/azure/databricks/getting-started/overview"},
    {.type = "Microsoft.Databricks/workspaces",
     .unless = {"properties.parameters.customVirtualNetworkId"},
     .where = "in the resource group",
     .group = "databricks-rg-*",
     .group_named = "properties.managedResourceGroupId",
     .creates = {"Microsoft.Network/virtualNetworks", "Microsoft.Network/networkSecurityGroups"},
     .source = "https://learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject"},
    {.type = "Microsoft.MachineLearningServices/workspaces",
     .when = "properties.managedNetwork.isolationMode",
     .where = "on what it is connected with",
     .creates = {"Microsoft.Storage/storageAccounts/privateEndpointConnections",
                 "Microsoft.KeyVault/vaults/privateEndpointConnections",
                 "Microsoft.ContainerRegistry/registries/privateEndpointConnections"},
     .source = "https://learn.microsoft.com/azure/machine-learning/how-to-managed-network"},
    {.type = "Microsoft.MachineLearningServices/workspaces",
     .unless = {"properties.containerRegistry", "properties.hubResourceId"},
     .where = "beside it, when an image is first built",
     .creates = {"Microsoft.ContainerRegistry/registries"},
     .source = "https://learn.microsoft.com/azure/machine-learning/concept-workspace"},
    {.type = "Microsoft.MachineLearningServices/workspaces/computes",
     .when = "properties.properties.subnet.id",
     .where = "in the resource group of its virtual network",
     .creates = {"Microsoft.Network/networkSecurityGroups", "Microsoft.Network/loadBalancers",
                 "Microsoft.Network/publicIPAddresses"},
     .source = "https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet"},
    {.type = "Microsoft.Resources/deploymentScripts",
     .unless = {"properties.storageAccountSettings.storageAccountName"},
     .where = "beside it",
     .creates = {"Microsoft.Storage/storageAccounts"},
     .source =
         "https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-script-template"},
    {.type = "Microsoft.Resources/deploymentScripts",
     .where = "beside it",
     .creates = {"Microsoft.ContainerInstance/containerGroups"},
     .source =
         "https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-script-template"},
    {.type = "Microsoft.Insights/components",
     .where = "beside it",
     .creates = {"Microsoft.AlertsManagement/smartDetectorAlertRules", "Microsoft.Insights/actionGroups"},
     .source = "https://learn.microsoft.com/azure/azure-monitor/alerts/proactive-failure-diagnostics"},
    {.type = "Microsoft.Network/virtualNetworks",
     .where = "in the resource group",
     .group = "NetworkWatcherRG",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Network/networkWatchers"},
     .source = "https://learn.microsoft.com/azure/network-watcher/network-watcher-create"},
    {.type = "Microsoft.Network/privateEndpoints",
     .where = "beside it",
     .creates = {"Microsoft.Network/networkInterfaces"},
     .source = "https://learn.microsoft.com/azure/private-link/private-endpoint-overview"},
    {.type = "Microsoft.Compute/virtualMachines",
     .unless = {"properties.storageProfile.osDisk.managedDisk.id"},
     .where = "beside it",
     .creates = {"Microsoft.Compute/disks"},
     .source = "https://learn.microsoft.com/azure/virtual-machines/managed-disks-overview"},
    {.type = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems",
     .where = "in the resource group",
     .group = "AzureBackupRG_*",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups",
                 "Microsoft.Compute/restorePointCollections"},
     .source = "https://learn.microsoft.com/azure/backup/backup-during-vm-creation"},
    {.type = "Microsoft.Synapse/workspaces",
     .where = "as its managed resource group",
     .group = "synapseworkspace-managedrg-*",
     .group_named = "properties.managedResourceGroupName",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups"},
     .source = "https://learn.microsoft.com/azure/templates/microsoft.synapse/workspaces"},
    {.type = "Microsoft.Solutions/applications",
     .where = "as its managed resource group",
     .group = "mrg-*",
     .group_named = "properties.managedResourceGroupId",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups"},
     .source = "https://learn.microsoft.com/azure/azure-resource-manager/managed-applications/overview"},
    {.type = "Microsoft.Monitor/accounts",
     .where = "in the resource group",
     .group = "MA_*_managed",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups",
                 "Microsoft.Insights/dataCollectionEndpoints", "Microsoft.Insights/dataCollectionRules"},
     .source = "https://learn.microsoft.com/azure/azure-monitor/metrics/azure-monitor-workspace-overview"},
    {.type = "Microsoft.App/managedEnvironments",
     .when = "properties.vnetConfiguration.infrastructureSubnetId",
     .where = "in the resource group",
     .group = "ME_*",
     .group_named = "properties.infrastructureResourceGroup",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Network/loadBalancers"},
     .source = "https://learn.microsoft.com/azure/container-apps/custom-virtual-networks"},
    {.type = "Microsoft.App/managedEnvironments",
     .when = "properties.vnetConfiguration.infrastructureSubnetId",
     .unless = {"properties.vnetConfiguration.internal"},
     .where = "in the resource group",
     .group = "ME_*",
     .group_named = "properties.infrastructureResourceGroup",
     .creates = {"Microsoft.Network/publicIPAddresses"},
     .source = "https://learn.microsoft.com/azure/container-apps/custom-virtual-networks"},
    {.type = "Microsoft.VirtualMachineImages/imageTemplates",
     .where = "in the resource group",
     .group = "IT_*",
     .group_named = "properties.stagingResourceGroup",
     .creates = {"Microsoft.Resources/subscriptions/resourceGroups", "Microsoft.Storage/storageAccounts",
                 "Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks",
                 "Microsoft.Network/networkInterfaces", "Microsoft.ContainerInstance/containerGroups"},
     .source = "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json"},
};

const Value* at_path(const Value& body, std::string_view path) {
  const Value* node = &body;
  for (const std::string_view step : split(path, '.')) {
    if (node->is_unknown()) return node;
    node = node->find_any_case(step);
    if (node == nullptr) return nullptr;
  }
  return node->is_null() ? nullptr : node;
}

/// What is open may be set and may be not: neither keeps a warning back.
bool switched_on(const Value& body, std::string_view path, bool when_open) {
  const Value* value = at_path(body, path);
  if (value != nullptr && value->is_unknown()) return when_open;
  if (value == nullptr || (value->is_bool() && !value->as_bool())) return false;
  if (!value->is_string()) return true;
  return !equal_any_case(value->as_string(), "Disabled") && !equal_any_case(value->as_string(), "None");
}

bool applies(const CreatedByAzure& row, const estate::Resource& resource) {
  if (!equal_any_case(row.type, resource.type)) return false;
  if (!row.when.empty() && !switched_on(resource.body, row.when, true)) return false;
  return std::none_of(row.unless.begin(), row.unless.end(), [&](std::string_view path) {
    return !path.empty() && switched_on(resource.body, path, false);
  });
}

std::string group_of(const CreatedByAzure& row, const estate::Resource& resource) {
  const Value* named = row.group_named.empty() ? nullptr : at_path(resource.body, row.group_named);
  if (named == nullptr || !named->is_string() || named->secret()) return std::string(row.group);
  const std::string_view text = named->as_string();
  return std::string(text.substr(text.rfind('/') + 1));
}

/// The assignments that would deny resources of the type, each with the first reference that looks at it.
void add_denials(CreationWarning& warning, std::string_view type, const AssignedPlan& plan, Instant now) {
  const estate::Resource& resource = *warning.resource;
  const std::string subscription = fmt::format("/subscriptions/{}", resource.subscription);
  const policy::InForce& in_force =
      plan.index().at(warning.row->group.empty() ? resource.id : std::string_view(subscription));
  const PairsInForce& here = plan.at(in_force);
  estate::Resource made = resource;
  made.type = type;
  here.by_type.visit(type, [&](std::uint32_t number) {
    const AssignedPolicy& pair = *here.pairs[number];
    const Reach reach = plan.reach(pair, in_force, made, now);
    if (!pair.assignment->enforced || reach.match == policy::Match::No) return;
    if (reach.exempted == policy::Match::Yes) return;
    if (reach.policy == nullptr || !reach.policy->compiled) return;
    // What looks at any type says nothing of this one.
    const policy::Policy& rule = *reach.policy->compiled;
    if (rule.known_effect() != "deny" || rule.types().empty() || !reach.policy->objects.none()) return;
    warning.denials.push_back({&pair, type});
  });
}

}  // namespace

std::span<const CreatedByAzure> created_by_azure() { return kRows; }

std::vector<CreationWarning> creation_warnings(const AssignedPlan& plan, const estate::Estate& estate,
                                               Instant now) {
  std::vector<CreationWarning> out;
  for (const estate::Resource* resource : estate.resources()) {
    if (resource->existing || resource->from_export) continue;
    for (const CreatedByAzure& row : kRows) {
      if (!applies(row, *resource)) continue;
      CreationWarning& warning = out.emplace_back();
      warning.resource = resource;
      warning.row = &row;
      warning.group = group_of(row, *resource);
      for (const std::string_view type : row.creates)
        if (!type.empty()) add_denials(warning, type, plan, now);
    }
  }
  return out;
}

std::string describe(const CreationWarning& warning) {
  std::string types;
  for (const std::string_view type : warning.row->creates)
    if (!type.empty()) types += (types.empty() ? "" : ", ") + std::string(type);
  const std::string_view space = warning.group.empty() ? "" : " ";
  return fmt::format("Azure creates {}{}{}: {}", warning.row->where, space, warning.group, types);
}

std::string describe(const CreationWarning::Denial& denial) {
  const AssignedPolicy& pair = *denial.pair;
  const std::string& display = pair.policy->definition->display_name;
  return fmt::format("{} may be denied by {} (assigned by {})", denial.type,
                     display.empty() ? pair.definition : display, assigned_by({&pair}));
}

}  // namespace redoubt::posture
