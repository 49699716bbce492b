#include <fmt/format.h>

#include <unordered_set>

#include "core/text.h"
#include "posture/relations/security_rules.h"

// Where a network security group is at work: subnets and network interfaces name it.

namespace redoubt::posture::relations {

using doc::Value;

namespace {

constexpr std::string_view kNetworks = "Microsoft.Network/virtualNetworks";
constexpr std::string_view kSubnets = "Microsoft.Network/virtualNetworks/subnets";
constexpr std::string_view kInterfaces = "Microsoft.Network/networkInterfaces";
constexpr std::string_view kScaleSets = "Microsoft.Compute/virtualMachineScaleSets";

class BindingSearch {
 public:
  BindingSearch(const Scene& scene, const estate::Resource& group)
      : scene_(scene), group_(group), out_{.doubts = Doubts(scene)} {}

  Binding run() {
    for (const estate::Resource* network : scene_.around.referring(group_.id, kNetworks))
      for (const Value& subnet : items_at(network->body, "properties.subnets").items)
        if (const Value* properties = find(subnet, "properties")) bind(*properties, *network, network);
    for (const estate::Resource* subnet : scene_.around.referring(group_.id, kSubnets))
      if (const Value* properties = find(subnet->body, "properties"))
        bind(*properties, *subnet, network_of(*subnet));
    for (const estate::Resource* nic : scene_.around.referring(group_.id, kInterfaces))
      if (const Value* properties = find(nic->body, "properties")) bind_interface(*properties, *nic);
    for (const estate::Resource* set : scene_.around.referring(group_.id, kScaleSets))
      for (const Value& nic :
           items_at(set->body,
                    "properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations")
               .items)
        if (const Value* properties = find(nic, "properties")) bind_interface(*properties, *set);
    return std::move(out_);
  }

 private:
  const estate::Resource* network_of(const estate::Resource& subnet) const {
    const std::size_t at = rfind_ignore_case(subnet.id, "/subnets/");
    return at == std::string_view::npos ? nullptr : scene_.estate().find(subnet.id.substr(0, at));
  }

  /// Whether the properties name the group; what is open is noted.
  bool names_group(const Value& properties, const estate::Resource& holder) {
    const Value* id = find(properties, "networkSecurityGroup.id");
    if (id == nullptr) id = find(properties, "networkSecurityGroup");
    const Truth names = refers_to(scene_, text_of(id, scene_.origins), group_.id);
    if (names == Truth::False) return false;
    out_.bound = true;
    if (names == Truth::True && is_there(scene_, holder) == Truth::True) return true;
    out_.open_subnets = out_.open_networks = true;
    if (names == Truth::Unknown)
      out_.doubts.add("networkSecurityGroup", id);
    else
      out_.doubts.add(holder);
    return false;
  }

  void bind(const Value& properties, const estate::Resource& holder, const estate::Resource* network) {
    if (!names_group(properties, holder)) return;
    add_subnet(properties, network);
  }

  void add_subnet(const Value& properties, const estate::Resource* network) {
    add(properties, "addressPrefix", "addressPrefixes", out_.subnets, out_.open_subnets);
    if (network == nullptr)
      out_.open_networks = true;
    else if (networks_.insert(network).second)
      add_network(*network);
  }

  void add_network(const estate::Resource& network) {
    if (const Value* space = find(network.body, "properties.addressSpace"))
      add(*space, "", "addressPrefixes", out_.networks, out_.open_networks);
    else
      out_.open_networks = true;
    // What the network is joined to is part of the tag VirtualNetwork.
    for (const estate::Resource* child : scene_.estate().children(network.id))
      if (equal_any_case(child->type, "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"))
        out_.open_networks = true;
    if (!items_at(network.body, "properties.virtualNetworkPeerings").items.empty()) out_.open_networks = true;
  }

  void add(const Value& node, std::string_view one, std::string_view many, std::vector<AddressRange>& ranges,
           bool& open) {
    bool any = false;
    const auto take = [&](const Value& value) {
      const std::optional<AddressRange> range =
          value.is_string() ? parse_range(value.as_string()) : std::nullopt;
      any = true;
      if (range)
        ranges.push_back(*range);
      else
        open = true;
      if (value.is_unknown()) out_.doubts.add(one.empty() ? many : one, &value);
    };
    const Items items = items_at(node, many);
    for (const Value& value : items.items)
      take(value);
    const Value* single = one.empty() ? nullptr : find(node, one);
    if (single != nullptr && !any) take(*single);
    if (items.open != nullptr) take(*items.open);
    if (!any) {
      open = true;
      out_.doubts.add(many, std::string("the addresses of a subnet are not written"));
    }
  }

  void bind_interface(const Value& properties, const estate::Resource& holder) {
    if (!names_group(properties, holder)) return;
    const Items configs = items_at(properties, "ipConfigurations");
    if (configs.items.empty()) {
      out_.open_subnets = out_.open_networks = true;
      if (configs.open != nullptr)
        out_.doubts.add("ipConfigurations", configs.open);
      else
        out_.doubts.add("ipConfigurations", fmt::format("the subnet of {} is not written", holder.name));
    }
    for (const Value& config : configs.items) {
      const std::string id = text_of(find(config, "properties.subnet.id"), scene_.origins);
      if (!add_subnet_of(id)) {
        out_.open_subnets = out_.open_networks = true;
        out_.doubts.add("subnet.id", fmt::format("addresses of {}", id));
      }
    }
  }

  /// The subnet of that id, a resource of its own or inline in its network.
  bool add_subnet_of(std::string_view id) {
    const estate::Resource* subnet = scene_.estate().find(id);
    if (subnet != nullptr && !subnet->existing)
      if (const Value* properties = find(subnet->body, "properties")) {
        add_subnet(*properties, network_of(*subnet));
        return true;
      }
    const std::size_t at = rfind_ignore_case(id, "/subnets/");
    const estate::Resource* network =
        at == std::string_view::npos ? nullptr : scene_.estate().find(id.substr(0, at));
    if (network == nullptr) return false;
    for (const Value& one : items_at(network->body, "properties.subnets").items) {
      const Value* properties = find(one, "properties");
      if (properties == nullptr || is_text(find(one, "name"), id.substr(at + 9)) != Truth::True) continue;
      add_subnet(*properties, network);
      return true;
    }
    return false;
  }

  const Scene& scene_;
  const estate::Resource& group_;
  Binding out_;
  std::unordered_set<const estate::Resource*> networks_;  ///< whose addresses are in it
};

}  // namespace

Binding binding_of(const Scene& scene, const estate::Resource& group) {
  return BindingSearch(scene, group).run();
}

}  // namespace redoubt::posture::relations
