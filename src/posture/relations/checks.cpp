#include "posture/relations/checks.h"

#include <vector>

namespace redoubt::posture {

namespace relations {

using policy::RelationCheck;

std::span<const RelationCheck> all_checks() {
  static const std::vector<RelationCheck> kChecks = {
      {"account-zones", {"Microsoft.Network/privateEndpoints"}, with_scene<judge_account_zones>},
      {"activity-log", {"Microsoft.Resources/subscriptions"}, with_scene<judge_activity_log>},
      {"api-management-door", {"Microsoft.ApiManagement/service"}, with_scene<judge_api_management>},
      {"application-gateway-door",
       {"Microsoft.Network/applicationGateways"},
       with_scene<judge_application_gateway>},
      {"compute-network",
       {"Microsoft.MachineLearningServices/workspaces/computes"},
       with_scene<judge_compute_network>},
      {"container-app-door", {"Microsoft.App/containerApps"}, with_scene<judge_container_app>},
      {"dead-rules", {"Microsoft.Network/networkSecurityGroups"}, with_scene<judge_dead_rules>},
      {"diagnostic-shape", {}, with_scene<judge_diagnostic_shape>},
      {"diagnostic-workspace", {}, with_scene<judge_diagnostic_workspace>},
      {"endpoint-zone", {"Microsoft.Network/privateEndpoints"}, with_scene<judge_endpoint_zone>},
      {"entra-only",
       {"Microsoft.Sql/servers", "Microsoft.Sql/servers/administrators",
        "Microsoft.Sql/servers/azureADOnlyAuthentications"},
       with_scene<judge_entra_only>},
      {"immutable-container",
       {"Microsoft.Storage/storageAccounts/blobServices/containers"},
       with_scene<judge_immutable_container>},
      {"key-release", {"Microsoft.KeyVault/vaults/keys"}, with_scene<judge_key_release>},
      {"kubernetes-service-door",
       {"core/Service@v1", "Microsoft.KubernetesConfiguration/extensions"},
       with_scene<judge_kubernetes_service>},
      {"load-balancer-door", {"Microsoft.Network/loadBalancers"}, with_scene<judge_load_balancer>},
      {"management-ports", {"Microsoft.Network/networkSecurityGroups"}, with_scene<judge_management_ports>},
      {"owner-count", {"Microsoft.Authorization/roleAssignments"}, with_scene<judge_owner_count>},
      {"private-endpoint",
       {"Microsoft.CognitiveServices/accounts", "Microsoft.MachineLearningServices/workspaces",
        "Microsoft.Search/searchServices"},
       with_scene<judge_private_endpoint>},
      {"role-activation",
       {"Microsoft.Authorization/roleManagementPolicies"},
       with_scene<judge_role_activation>},
      {"shadowed-rules", {"Microsoft.Network/networkSecurityGroups"}, with_scene<judge_shadowed_rules>},
      {"unmatched-rules", {"Microsoft.Network/networkSecurityGroups"}, with_scene<judge_unmatched_rules>},
  };
  return kChecks;
}

}  // namespace relations

const policy::RelationCheck* find_relation(std::string_view name) {
  for (const policy::RelationCheck& check : relations::all_checks())
    if (check.name == name) return &check;
  return nullptr;
}

}  // namespace redoubt::posture
