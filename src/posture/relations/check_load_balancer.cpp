#include <fmt/format.h>

#include <optional>

#include "core/text.h"
#include "posture/relations/checks.h"
#include "posture/relations/doors.h"
#include "posture/relations/remedies.h"

// A load balancer with a public address in front of machines that serve models.

namespace redoubt::posture::relations {

using doc::Value;
using policy::Verdict;

namespace {

constexpr std::string_view kInterfaces = "Microsoft.Network/networkInterfaces";
constexpr std::string_view kMachines = "Microsoft.Compute/virtualMachines";
constexpr std::string_view kScaleSets = "Microsoft.Compute/virtualMachineScaleSets";

/// Lists of a balancer whose entries publish something through a frontend. Outbound rules do not.
constexpr std::string_view kPublishing[] = {"loadBalancingRules", "inboundNatRules", "inboundNatPools"};
/// How configurations of interfaces name what publishes them.
constexpr std::string_view kMemberLists[] = {"loadBalancerBackendAddressPools", "loadBalancerInboundNatRules",
                                             "loadBalancerInboundNatPools"};

/// A pool or a rule that a public frontend leads to.
struct Published {
  std::string id;
  Truth is_public = Truth::False;
  Spot spot;
  const Value* frontend = nullptr;  ///< id
};

class PublicMachines {
 public:
  explicit PublicMachines(const Scene& scene) : scene_(scene), doubts_(scene) {}

  Verdict run() {
    collect();
    if (published_.empty()) {
      if (doubts_.any()) return doubts_.verdict();
      return compliant("nothing is published through a public frontend");
    }
    for (const Published& one : published_) {
      by_address(one);
      for (const estate::Resource* nic : scene_.around.referring(one.id, kInterfaces))
        by_interface(one, *nic, refers(one, items_at(nic->body, "properties.ipConfigurations")));
      for (const std::string_view type : {kScaleSets, kMachines})
        for (const estate::Resource* machine : scene_.around.referring(one.id, type))
          by_machine(one, *machine);
    }
    if (failure_) return *failure_;
    if (doubts_.any()) return doubts_.verdict();
    return compliant("no machine of inference stands behind a public frontend");
  }

 private:
  void collect() {
    const Value& body = scene_.resource.body;
    for (const std::string_view list : kPublishing) {
      const std::string path = fmt::format("properties.{}", list);
      const Items items = items_at(body, path);
      if (items.open != nullptr) doubts_.add(path, items.open);
      for (std::size_t i = 0; i < items.items.size(); ++i)
        if (const Value* properties = find(items.items[i], "properties"))
          publish(*properties,
                  fmt::format("{}/{}/{}", scene_.resource.id, list,
                              text_of(find(items.items[i], "name"), scene_.origins)),
                  {fmt::format("{}[{}]", path, i), &items.items[i], items.items[i].place()});
    }
    for (const estate::Resource* child : scene_.estate().children(scene_.resource.id))
      if (equal_any_case(child->type, "Microsoft.Network/loadBalancers/inboundNatRules"))
        if (const Value* properties = find(child->body, "properties"))
          publish(*properties, std::string(child->id), {"properties", properties, child->place});
  }

  void publish(const Value& rule, std::string id, const Spot& spot) {
    const Value* const frontend = find(rule, "frontendIPConfiguration.id");
    const Truth is_public = public_frontend(scene_, frontend);
    if (is_public == Truth::False) return;
    const auto add = [&](std::string target) {
      if (!target.empty()) published_.push_back({std::move(target), is_public, spot, frontend});
    };
    add(std::move(id));
    add(text_of(find(rule, "backendAddressPool.id"), scene_.origins));
    for (const Value& pool : items_at(rule, "backendAddressPools").items)
      add(text_of(find(pool, "id"), scene_.origins));
    if (const Value* target = find(rule, "backendIPConfiguration.id")) {
      const std::string text = text_of(target, scene_.origins);
      const estate::Resource* nic =
          scene_.estate().find(text.substr(0, rfind_ignore_case(text, "/ipConfigurations/")));
      if (nic != nullptr) by_interface({text, is_public, spot, frontend}, *nic, Truth::True);
    }
  }

  /// Whether one of the configurations names what is published.
  Truth refers(const Published& one, const Items& configs) const {
    Truth any = configs.open != nullptr ? Truth::Unknown : Truth::False;
    for (const Value& config : configs.items)
      for (const std::string_view list : kMemberLists) {
        const Items members = items_at(config, fmt::format("properties.{}", list));
        if (members.open != nullptr) any = either(any, Truth::Unknown);
        for (const Value& member : members.items)
          any = either(any, refers_to(scene_, text_of(find(member, "id"), scene_.origins), one.id));
      }
    return any;
  }

  /// Members of a pool that are listed by address.
  void by_address(const Published& one) {
    for (const Value& address : addresses_of(one.id)) {
      const Value* ip = find(address, "properties.ipAddress");
      if (ip == nullptr) continue;
      for (const estate::Resource* nic : scene_.estate().of_type(kInterfaces))
        for (const Value& config : items_at(nic->body, "properties.ipConfigurations").items) {
          const Value* own = find(config, "properties.privateIPAddress");
          if (own == nullptr) continue;
          if (own->is_unknown() || ip->is_unknown())
            by_interface(one, *nic, doc::equal(*own, *ip) ? Truth::True : Truth::Unknown);
          else
            by_interface(one, *nic, is_text(own, text_of(ip, scene_.origins)));
        }
    }
  }

  std::span<const Value> addresses_of(std::string_view pool) const {
    static constexpr std::string_view kPath = "properties.loadBalancerBackendAddresses";
    if (const estate::Resource* child = scene_.estate().find(pool)) return items_at(child->body, kPath).items;
    for (const Value& one : items_at(scene_.resource.body, "properties.backendAddressPools").items)
      if (names_part(scene_, pool, find(one, "name"))) return items_at(one, kPath).items;
    return {};
  }

  void by_interface(const Published& one, const estate::Resource& nic, Truth member) {
    if (member == Truth::False) return;
    tell(one, nic, member);
    for (const estate::Resource* machine : scene_.around.referring(nic.id, kMachines)) {
      Truth uses = Truth::False;
      const Items items = items_at(machine->body, "properties.networkProfile.networkInterfaces");
      if (items.open != nullptr) uses = Truth::Unknown;
      for (const Value& item : items.items)
        uses = either(uses, refers_to(scene_, text_of(find(item, "id"), scene_.origins), nic.id));
      tell(one, *machine, both(both(member, uses), there(nic)));
    }
  }

  void by_machine(const Published& one, const estate::Resource& machine) {
    for (const std::string_view profile :
         {"properties.virtualMachineProfile.networkProfile", "properties.networkProfile"}) {
      const Items nics = items_at(machine.body, fmt::format("{}.networkInterfaceConfigurations", profile));
      Truth member = nics.open != nullptr ? Truth::Unknown : Truth::False;
      for (const Value& nic : nics.items)
        member = either(member, refers(one, items_at(nic, "properties.ipConfigurations")));
      tell(one, machine, member);
    }
  }

  Truth there(const estate::Resource& resource) const { return is_there(scene_, resource); }

  void tell(const Published& one, const estate::Resource& machine, Truth member) {
    const Truth tagged = has_tag(machine, "purpose", "inference");
    const Truth all = both(both(one.is_public, member), both(tagged, there(machine)));
    if (all == Truth::True && !failure_)
      failure_ = noncompliant(fmt::format("a public frontend leads to {}, which serves models", machine.name),
                              one.spot, make_internal(scene_, one.frontend, one.spot.path));
    if (all != Truth::Unknown) return;
    if (tagged == Truth::Unknown) doubts_.add("tags.purpose", fmt::format("tags of {}", machine.id));
    if (one.is_public == Truth::Unknown)
      doubts_.add("frontendIPConfigurations", std::string("whether a frontend is public"));
    if (member == Truth::Unknown)
      doubts_.add("loadBalancerBackendAddressPools", fmt::format("pools of {}", machine.id));
    if (there(machine) == Truth::Unknown) doubts_.add(machine);
  }

  const Scene& scene_;
  Doubts doubts_;
  std::vector<Published> published_;
  std::optional<Verdict> failure_;
};

}  // namespace

Verdict judge_load_balancer(const Scene& scene) { return PublicMachines(scene).run(); }

}  // namespace redoubt::posture::relations
