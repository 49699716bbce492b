#pragma once

#include <span>
#include <string_view>

#include "policy/relation.h"
#include "posture/relations/scene.h"

namespace redoubt::posture {

/// The relation check of a name; null when there is none.
const policy::RelationCheck* find_relation(std::string_view name);

namespace relations {

/// All there are, by name.
std::span<const policy::RelationCheck> all_checks();

// The checks, one family a file check_*.cpp.
policy::Verdict judge_endpoint_zone(const Scene& scene);
policy::Verdict judge_account_zones(const Scene& scene);
policy::Verdict judge_private_endpoint(const Scene& scene);
policy::Verdict judge_diagnostic_shape(const Scene& scene);
policy::Verdict judge_diagnostic_workspace(const Scene& scene);
policy::Verdict judge_activity_log(const Scene& scene);
policy::Verdict judge_load_balancer(const Scene& scene);
policy::Verdict judge_application_gateway(const Scene& scene);
policy::Verdict judge_api_management(const Scene& scene);
policy::Verdict judge_container_app(const Scene& scene);
policy::Verdict judge_kubernetes_service(const Scene& scene);
policy::Verdict judge_dead_rules(const Scene& scene);
policy::Verdict judge_shadowed_rules(const Scene& scene);
policy::Verdict judge_unmatched_rules(const Scene& scene);
policy::Verdict judge_management_ports(const Scene& scene);
policy::Verdict judge_owner_count(const Scene& scene);
policy::Verdict judge_role_activation(const Scene& scene);
policy::Verdict judge_immutable_container(const Scene& scene);
policy::Verdict judge_key_release(const Scene& scene);
policy::Verdict judge_compute_network(const Scene& scene);
policy::Verdict judge_entra_only(const Scene& scene);

}  // namespace relations
}  // namespace redoubt::posture
