#include "posture/relations/rule_space.h"

#include <algorithm>

namespace redoubt::posture::relations {

namespace {

constexpr std::string_view kInternet = "internet";
constexpr std::string_view kNetwork = "virtualnetwork";
constexpr std::string_view kLoadBalancer = "azureloadbalancer";

/// Application security groups have ids for names, tags have none with a slash.
bool is_group(std::string_view atom) { return atom.find('/') != std::string_view::npos; }
/// Tags of what does not come over the internet. The rules that Bastion and application gateways are
/// documented to need name GatewayManager beside Internet.
constexpr std::string_view kInsideAzure[] = {"azureplatformdns", "azureplatformimds", "azureplatformlkm",
                                             "gatewaymanager"};

/// A tag of services with public addresses.
bool is_service(std::string_view atom) {
  if (is_group(atom) || atom == kInternet || atom == kNetwork || atom == kLoadBalancer) return false;
  return std::find(std::begin(kInsideAzure), std::end(kInsideAzure), atom) == std::end(kInsideAzure);
}

/// Ports by which machines are managed: SSH, Remote Desktop, Windows Remote Management.
constexpr std::uint16_t kManagement[] = {22, 3389, 5985, 5986};

bool is_least(Extent extent) { return extent == Extent::Least || extent == Extent::AskedLeast; }

template <class T>
void sort_unique(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

bool is_broad(const AddressSide& side) {
  return side.any || std::find(side.tags.begin(), side.tags.end(), kInternet) != side.tags.end() ||
         hold(side.ranges, whole(Family::V4)) || hold(side.ranges, whole(Family::V6));
}

RuleSpace::RuleSpace(const SecurityRules& rules, const Binding& binding, bool outbound, Family family)
    : binding_(binding), outbound_(outbound), family_(family) {
  cut(rules);
  for (CellSet* set : {&internet_, &subnets_, &networks_, &groups_, &services_})
    *set = nothing();
  add_intervals(internet(), internet_);
  add_intervals(binding_.subnets, subnets_);
  add_intervals(binding_.networks, networks_);
  add_atoms(is_group, groups_);
  add_atoms(is_service, services_);
}

void RuleSpace::cut(const SecurityRules& rules) {
  starts_.push_back({});
  port_starts_.push_back(0);
  atoms_.emplace_back(kNetwork);
  const auto cut_at = [&](const std::vector<AddressRange>& ranges) {
    for (const AddressRange& range : ranges) {
      if (range.family != family_) continue;
      starts_.push_back(range.first);
      if (range.last != whole(family_).last) starts_.push_back(next(range.last));
    }
  };
  cut_at(internet());
  cut_at(binding_.subnets);
  cut_at(binding_.networks);
  for (const SecurityRule& rule : rules.list) {
    for (const AddressSide* side : {&rule.source, &rule.destination}) {
      cut_at(side->ranges);
      atoms_.insert(atoms_.end(), side->tags.begin(), side->tags.end());
      atoms_.insert(atoms_.end(), side->groups.begin(), side->groups.end());
    }
    for (const PortSide* side : {&rule.source_ports, &rule.destination_ports})
      for (const PortRange& range : side->ranges) {
        port_starts_.push_back(range.first);
        if (range.last != 65535) port_starts_.push_back(range.last + 1U);
      }
  }
  for (const std::uint16_t port : kManagement)
    port_starts_.insert(port_starts_.end(), {port, port + 1U});
  std::erase(atoms_, kInternet);
  sort_unique(starts_);
  sort_unique(port_starts_);
  sort_unique(atoms_);
}

CellSet RuleSpace::all(std::size_t size) const {
  CellSet out(size);
  for (std::size_t i = 0; i < size; ++i)
    out.add(i);
  return out;
}

Box RuleSpace::box(const SecurityRule& rule, Extent extent, bool narrow) const {
  return {protocols(rule, extent), addresses(rule.source, outbound_, extent, narrow),
          ports(rule.source_ports, extent), addresses(rule.destination, !outbound_, extent, narrow),
          ports(rule.destination_ports, extent)};
}

CellSet RuleSpace::protocols(const SecurityRule& rule, Extent extent) const {
  CellSet out(kProtocols.size());
  if (rule.open_protocol != nullptr) return is_least(extent) ? out : all(kProtocols.size());
  if (!rule.protocol) return all(kProtocols.size());
  out.add(*rule.protocol);
  return out;
}

CellSet RuleSpace::ports(const PortSide& side, Extent extent) const {
  if (side.open != nullptr && !is_least(extent)) return all(port_starts_.size());
  CellSet out(port_starts_.size());
  for (const PortRange& range : side.ranges)
    add_ports(range, out);
  return out;
}

void RuleSpace::add_ports(const PortRange& range, CellSet& cells) const {
  const auto first = std::lower_bound(port_starts_.begin(), port_starts_.end(), std::uint32_t{range.first});
  for (auto at = first; at != port_starts_.end() && *at <= range.last; ++at)
    cells.add(static_cast<std::size_t>(at - port_starts_.begin()));
}

Box RuleSpace::management() const {
  CellSet protocols(kProtocols.size());
  for (std::size_t i = 0; i < kProtocols.size(); ++i)
    if (kProtocols[i] == "tcp" || kProtocols[i] == "udp") protocols.add(i);
  CellSet ports(port_starts_.size());
  for (const std::uint16_t port : kManagement)
    add_ports({port, port}, ports);
  return {protocols, internet_, all(port_starts_.size()), all(starts_.size() + atoms_.size()), ports};
}

CellSet RuleSpace::addresses(const AddressSide& side, bool local, Extent extent, bool narrow) const {
  CellSet out = nothing();
  const bool asked = extent == Extent::Asked || extent == Extent::AskedLeast;
  if (asked && (side.any || hold(side.ranges, whole(family_)))) {
    add_intervals({whole(family_)}, out);
  } else if (side.any || (side.open != nullptr && !is_least(extent))) {
    out = all(starts_.size() + atoms_.size());
  } else {
    add_ranges(side, local, extent, out);
    for (const std::string& tag : side.tags)
      add_tag(tag, local, extent, narrow, out);
    for (const std::string& group : side.groups)
      add_atom(group, out);
  }
  if (local) keep_local(extent, out);
  return out;
}

/// Of the group's own side, what its subnets hold.
void RuleSpace::keep_local(Extent extent, CellSet& cells) const {
  if (!binding_.bound || (binding_.open_subnets && !is_least(extent))) return;
  CellSet mask = subnets_;
  mask.add(groups_);
  cells = cells.and_with(mask);
}

void RuleSpace::add_intervals(const std::vector<AddressRange>& ranges, CellSet& cells) const {
  for (const AddressRange& range : ranges) {
    if (range.family != family_) continue;
    const auto first = std::lower_bound(starts_.begin(), starts_.end(), range.first);
    for (auto at = first; at != starts_.end() && *at <= range.last; ++at)
      cells.add(static_cast<std::size_t>(at - starts_.begin()));
  }
}

template <class Fits>
void RuleSpace::add_atoms(const Fits& fits, CellSet& cells) const {
  for (std::size_t i = 0; i < atoms_.size(); ++i)
    if (fits(atoms_[i])) cells.add(starts_.size() + i);
}

void RuleSpace::add_atom(std::string_view name, CellSet& cells) const {
  const auto at = std::lower_bound(atoms_.begin(), atoms_.end(), name);
  if (at != atoms_.end() && *at == name)
    cells.add(starts_.size() + static_cast<std::size_t>(at - atoms_.begin()));
}

void RuleSpace::add_ranges(const AddressSide& side, bool local, Extent extent, CellSet& cells) const {
  if (side.ranges.empty()) return;
  if (hold(side.ranges, whole(family_))) {
    cells = all(starts_.size() + atoms_.size());
    return;
  }
  CellSet own = nothing();
  add_intervals(side.ranges, own);
  cells.add(own);
  // Members of application security groups have addresses of the network, of the group's own side of its
  // subnets.
  const CellSet& home = local ? subnets_ : networks_;
  const bool known = binding_.bound && !(local ? binding_.open_subnets : binding_.open_networks);
  const bool holds_home = !home.empty() && home.is_within(own);
  if ((known && holds_home) || extent == Extent::Most) cells.add(groups_);
  if (extent == Extent::Most && (holds_home || !known)) {
    add_atom(kNetwork, cells);
    add_atom(kLoadBalancer, cells);
  }
}

void RuleSpace::add_tag(const std::string& tag, bool local, Extent extent, bool narrow,
                        CellSet& cells) const {
  const bool generous = extent == Extent::Most && narrow;
  if (tag == kInternet) {
    cells.add(internet_);
    return cells.add(services_);
  }
  if (tag == kNetwork) {
    if (local) {
      cells = all(starts_.size() + atoms_.size());
      return;
    }
    cells.add(networks_);
    cells.add(groups_);
    add_atom(kNetwork, cells);
    if (!generous) return;
    add_atom(kLoadBalancer, cells);
    if (binding_.bound && !binding_.open_networks) return;
    CellSet every = nothing();
    add_intervals({whole(family_)}, every);
    cells.add(every.without(internet_));
    return;
  }
  add_atom(tag, cells);
  const std::string region = tag + ".";
  for (auto at = std::lower_bound(atoms_.begin(), atoms_.end(), region);
       at != atoms_.end() && at->starts_with(region); ++at)
    cells.add(starts_.size() + static_cast<std::size_t>(at - atoms_.begin()));
  if (!generous || !is_service(tag)) return;
  cells.add(internet_);
  if (tag.starts_with("azurecloud")) cells.add(services_);
}

}  // namespace redoubt::posture::relations
