#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "posture/relations/accounts.h"
#include "posture/relations/checks.h"
#include "posture/relations/private_endpoints.h"
#include "posture/relations/remedies.h"

// Private endpoints: whether their names resolve, and whether what they lead to is private at all.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

constexpr std::string_view kEndpoints = "Microsoft.Network/privateEndpoints";
constexpr std::string_view kAccounts = "Microsoft.CognitiveServices/accounts";

/// The sub-resource that clients of the type talk to.
struct MainGroup {
  std::string_view type;
  std::string_view group;
  bool approval_is_asked;  ///< by a definition of the type: one fact is told once
};
constexpr MainGroup kMainGroups[] = {{kAccounts, "account", true},
                                     {"Microsoft.MachineLearningServices/workspaces", "amlworkspace", true},
                                     {"Microsoft.Search/searchServices", "searchservice", false}};

/// How many endpoints are looked at after one that hangs on something open.
constexpr std::size_t kAfterDoubt = 64;

std::vector<std::string_view> zones_for(const Scene& scene, std::string_view group) {
  const Value* table = scene.parameters.find_any_case("privatelinkzones");
  const Value* zones = table == nullptr ? nullptr : table->find_any_case(group);
  std::vector<std::string_view> out;
  if (zones == nullptr) return out;
  if (zones->is_string()) out.push_back(zones->as_string());
  if (zones->is_array())
    for (const Value& zone : zones->items())
      if (zone.is_string()) out.push_back(zone.as_string());
  return out;
}

Spot spot_of_zones(const RegisteredZones& registered, const Scene& scene) {
  Spot spot{"privateDnsZoneGroups", nullptr, registered.any_group ? registered.place : scene.resource.place};
  if (!registered.zones.empty()) spot.value = registered.zones.front().value;
  return spot;
}

using Zones = std::vector<std::string_view>;

/// The zones of one group of which an endpoint lacks each; empty when it has one, nothing when no zone is
/// known.
std::optional<Zones> lacks(const Scene& scene, const RegisteredZones& registered, std::string_view group) {
  Zones wanted = zones_for(scene, group);
  if (wanted.empty()) return std::nullopt;
  for (const std::string_view zone : wanted)
    if (has_zone(registered, zone)) return Zones();
  return wanted;
}

std::string kind_of(const estate::Resource& account) {
  return std::string(account.body.text_of("kind").value_or(""));
}

/// The zones that an account's names need and the endpoint is not registered in.
std::vector<std::string_view> missing_zones(std::string_view kind, const RegisteredZones& registered) {
  std::vector<std::string_view> missing = zones_of_kind(kind);
  std::erase_if(missing, [&](std::string_view zone) { return has_zone(registered, zone); });
  return missing;
}

}  // namespace

namespace {

/// The zones to register a new endpoint in: every name of an account of AI services, one zone of other
/// groups.
Zones zones_to_join(const Scene& scene, const Connection& connection) {
  if (find_ignore_case(connection.target, "/Microsoft.CognitiveServices/accounts/") != std::string::npos) {
    const estate::Resource* const account = scene.estate().find(connection.target);
    return zones_of_kind(account == nullptr ? "AIServices" : kind_of(*account));
  }
  Zones out;
  for (const std::string& group : connection.groups)
    if (const Zones zones = zones_for(scene, group); !zones.empty()) out.push_back(zones.front());
  return out;
}

}  // namespace

Verdict judge_endpoint_zone(const Scene& scene) {
  Doubts of_zones(scene);
  Doubts doubts(scene);
  Zones needed;
  const Connections connections = connections_of(scene, scene.resource);
  if (connections.open != nullptr) doubts.add("privateLinkServiceConnections", connections.open);
  const RegisteredZones registered = zones_of(scene, scene.resource, of_zones);
  std::vector<std::string> groups;
  for (const Connection& connection : connections.list) {
    if (connection.open_groups != nullptr) doubts.add("groupIds", connection.open_groups);
    groups.insert(groups.end(), connection.groups.begin(), connection.groups.end());
    const Zones zones = zones_to_join(scene, connection);
    needed.insert(needed.end(), zones.begin(), zones.end());
  }
  if (groups.empty() && !doubts.any()) return not_applicable("the endpoint names no group of a service");
  if (!registered.any_group && !of_zones.any())
    return noncompliant("there is no DNS zone group", spot_of_zones(registered, scene),
                        register_in(scene, scene.resource, registered, needed));
  for (const std::string& group : groups) {
    const std::optional<Zones> missing = lacks(scene, registered, group);
    if (!missing)
      doubts.add("groupIds", fmt::format("no DNS zone is known for the group {}", group));
    else if (!missing->empty() && of_zones.any())
      doubts.add(of_zones);
    else if (!missing->empty())
      return noncompliant(
          fmt::format("the zone group lacks {}, which the group {} needs", join(*missing, " or "), group),
          spot_of_zones(registered, scene),
          register_in(scene, scene.resource, registered, std::span(*missing).first(1)));
  }
  if (doubts.any()) return doubts.verdict();
  return compliant("its zone group has the zone of each group");
}

Verdict judge_account_zones(const Scene& scene) {
  const Connections connections = connections_of(scene, scene.resource);
  Doubts doubts(scene);
  const RegisteredZones registered = zones_of(scene, scene.resource, doubts);
  bool any = false;
  if (connections.open != nullptr) doubts.add("privateLinkServiceConnections", connections.open);
  for (const Connection& connection : connections.list) {
    const bool named =
        find_ignore_case(connection.target, "/Microsoft.CognitiveServices/accounts/") != std::string::npos;
    const bool grouped =
        std::find(connection.groups.begin(), connection.groups.end(), "account") != connection.groups.end();
    // Other services call a group `account`, too.
    const bool other = !named && connection.target.find("/providers/") != std::string::npos;
    if (other || (!named && !grouped)) continue;
    any = true;
    const estate::Resource* account = scene.estate().find(connection.target);
    // With all of them the kind does not matter.
    if (missing_zones("AIServices", registered).empty()) continue;
    const Value* kind = account == nullptr ? nullptr : account->body.find_any_case("kind");
    if (account == nullptr || account->existing || (kind != nullptr && kind->is_unknown())) {
      if (kind != nullptr)
        doubts.add("kind", kind);
      else
        doubts.add("kind", fmt::format("kind of {}", connection.target));
      continue;
    }
    const std::vector<std::string_view> missing = missing_zones(kind_of(*account), registered);
    if (missing.empty() || doubts.any()) continue;
    return noncompliant(
        fmt::format("{} is reached by names of {}, of which the endpoint is not in {}",
                    last_segment(connection.target),
                    join(std::vector<std::string_view>(zones_of_kind(kind_of(*account))), ", "),
                    join(missing, ", ")),
        spot_of_zones(registered, scene), register_in(scene, scene.resource, registered, missing));
  }
  if (!any && connections.open == nullptr) return not_applicable("it leads to no account of AI services");
  if (doubts.any()) return doubts.verdict();
  return compliant("every name of the account has its zone");
}

namespace {

/// Whether an endpoint that leads to the resource is approved, known by name and the only way in; what fails
/// is told. That one is there at all is asked by the definitions of each type, such as ailz-foundry-pe.
class EndpointSearch {
 public:
  EndpointSearch(const Scene& scene, const MainGroup& main) : scene_(scene), main_(main), doubts_(scene) {}

  Verdict run() {
    std::size_t after_doubt = 0;
    for (const estate::Resource* endpoint : scene_.around.referring(scene_.resource.id, kEndpoints)) {
      // Those that name it come first; of many that may, some say enough.
      if (doubts_.any() && ++after_doubt > kAfterDoubt) break;
      look_at(*endpoint);
    }
    const Truth is_public = public_access();
    if (good_ && is_public == Truth::False) return compliant("a private endpoint is the only way in");
    if (found_ && is_public == Truth::True)
      return noncompliant("a private endpoint leads to it, and public network access is on", public_spot(),
                          "set properties.publicNetworkAccess to Disabled");
    if (good_) return unknown_public();
    if (doubts_.any()) return doubts_.verdict();
    if (doubts_.add_if_incomplete(kEndpoints)) return doubts_.verdict();
    if (failure_) return *failure_;
    return not_applicable("no approved private endpoint leads to it");
  }

 private:
  void look_at(const estate::Resource& endpoint) {
    const Connections connections = connections_of(scene_, endpoint);
    if (connections.open != nullptr) doubts_.add("privateLinkServiceConnections", connections.open);
    for (const Connection& connection : connections.list) {
      Truth leads = refers_to(scene_, connection.target, scene_.resource.id);
      if (leads == Truth::False) continue;
      const bool grouped = std::find(connection.groups.begin(), connection.groups.end(), main_.group) !=
                           connection.groups.end();
      if (!grouped && connection.open_groups == nullptr) continue;
      if (leads == Truth::Unknown) {
        doubts_.add("privateLinkServiceId", connection.target_value);
        continue;
      }
      if (!grouped) doubts_.add("groupIds", connection.open_groups);
      if (is_there(scene_, endpoint) != Truth::True) {
        doubts_.add(endpoint);
        continue;
      }
      judge(endpoint, connection);
    }
  }

  void judge(const estate::Resource& endpoint, const Connection& connection) {
    if (connection.approved != Truth::True && main_.approval_is_asked) return;
    found_ = true;
    if (connection.approved == Truth::Unknown) return doubts_.add("status", connection.status);
    if (connection.approved == Truth::False) {
      failure_ = noncompliant(fmt::format("the connection of {} is not approved", endpoint.name),
                              connection.spot, approve(scene_, connection));
      return;
    }
    Doubts of_zones(scene_);
    const RegisteredZones registered = zones_of(scene_, endpoint, of_zones);
    const std::optional<Zones> missing = lacking_zones(registered);
    if (!missing || (!missing->empty() && of_zones.any()))
      return doubts_.add("privateDnsZoneId", fmt::format("DNS zones of {}", endpoint.name));
    if (missing->empty()) {
      good_ = true;
      return;
    }
    failure_ = noncompliant(
        fmt::format("the endpoint {} is not registered in {}", endpoint.name, join(*missing, ", ")),
        {"privateDnsZoneGroups", registered.zones.empty() ? nullptr : registered.zones.front().value,
         registered.any_group ? registered.place : endpoint.place},
        register_in(scene_, endpoint, registered, *missing));
  }

  /// Names of the zones; nothing when they can't be told.
  std::optional<Zones> lacking_zones(const RegisteredZones& registered) {
    if (!equal_any_case(main_.type, kAccounts)) return lacks(scene_, registered, main_.group);
    const Value* kind = scene_.resource.body.find_any_case("kind");
    if (missing_zones("AIServices", registered).empty()) return Zones();
    if (kind != nullptr && kind->is_unknown()) return std::nullopt;
    return missing_zones(kind_of(scene_.resource), registered);
  }

  Truth public_access() const { return negate(is_private(scene_.resource)); }

  Spot public_spot() const {
    const Value* access = find(scene_.resource.body, "properties.publicNetworkAccess");
    return {"properties.publicNetworkAccess", access, scene_.resource.place};
  }

  Verdict unknown_public() {
    doubts_.add("publicNetworkAccess", find(scene_.resource.body, "properties.publicNetworkAccess"));
    if (!doubts_.any()) doubts_.add("properties", find(scene_.resource.body, "properties"));
    return doubts_.verdict();
  }

  const Scene& scene_;
  const MainGroup& main_;
  Doubts doubts_;
  bool found_ = false;
  bool good_ = false;
  std::optional<Verdict> failure_;
};

}  // namespace

Verdict judge_private_endpoint(const Scene& scene) {
  for (const MainGroup& main : kMainGroups)
    if (equal_any_case(main.type, scene.resource.type)) return EndpointSearch(scene, main).run();
  return not_applicable("the type has no private endpoint of this kind");
}

}  // namespace redoubt::posture::relations
