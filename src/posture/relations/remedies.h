#pragma once

#include <span>
#include <string>
#include <string_view>

#include "posture/relations/private_endpoints.h"
#include "posture/relations/security_rules.h"
#include "posture/relations/verdicts.h"

namespace redoubt::posture::relations {

// Fixes that hang on what a check found; those that are always the same stand in metadata.fix of its
// definition.

policy::Fix set_to(std::string path, const doc::Value& value, const Scene& scene);

/// Registers an endpoint in zones: a zone group to add, or what to write in the one that is there.
policy::Fix register_in(const Scene& scene, const estate::Resource& endpoint,
                        const RegisteredZones& registered, std::span<const std::string_view> zones);

/// Makes a connection approved: it waits because it is manual, or because of the status that is written.
policy::Fix approve(const Scene& scene, const Connection& connection);

/// Lets a rule that denies come before all others of its direction; one that allows is better removed, since
/// it would allow what those before it deny.
policy::Fix move_up_or_remove(const Scene& scene, const SecurityRules& rules, const SecurityRule& rule);

/// Has the group's own side of a rule be the network that the group is at work in.
policy::Fix match_the_network(const Scene& scene, const SecurityRules& rules, const SecurityRule& rule);

/// Has a rule let in the network instead of the internet.
policy::Fix admit_the_network_only(const Scene& scene, const SecurityRules& rules, const SecurityRule& rule);

/// Takes the public address from the frontend that a rule of a load balancer publishes through.
policy::Fix make_internal(const Scene& scene, const doc::Value* frontend_id, const std::string& rule_path);

}  // namespace redoubt::posture::relations
