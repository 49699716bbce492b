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
  if (rule.open_protocol != nullptr) return extent == Extent::Least ? out : all(kProtocols.size());
  if (!rule.protocol) return all(kProtocols.size());
  out.add(*rule.protocol);
  return out;
}

CellSet RuleSpace::ports(const PortSide& side, Extent extent) const {
  if (side.open != nullptr && extent != Extent::Least) return all(port_starts_.size());
  CellSet out(port_starts_.size());
  for (std::size_t i = 0; i < port_starts_.size(); ++i)
    for (const PortRange& range : side.ranges)
      if (range.first <= port_starts_[i] && port_starts_[i] <= range.last) out.add(i);
  return out;
}

CellSet RuleSpace::addresses(const AddressSide& side, bool local, Extent extent, bool narrow) const {
  const std::size_t size = starts_.size() + atoms_.size();
  CellSet out(size);
  if (side.any || (side.open != nullptr && extent != Extent::Least)) {
    out = all(size);
  } else {
    add_ranges(side, local, extent, out);
    for (const std::string& tag : side.tags)
      add_tag(tag, local, extent, narrow, out);
    add_atoms(
        [&](const std::string& atom) {
          return std::find(side.groups.begin(), side.groups.end(), atom) != side.groups.end();
        },
        out);
  }
  if (local) keep_local(extent, out);
  return out;
}

/// Of the group's own side, what its subnets hold.
void RuleSpace::keep_local(Extent extent, CellSet& cells) const {
  if (!binding_.bound || (binding_.open_subnets && extent != Extent::Least)) return;
  CellSet mask(starts_.size() + atoms_.size());
  add_intervals(binding_.subnets, mask);
  add_atoms([](const std::string& atom) { return is_group(atom); }, mask);
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

/// Whether there are such addresses, and all are held.
bool RuleSpace::holds_all(const std::vector<AddressRange>& inner,
                          const std::vector<AddressRange>& outer) const {
  bool any = false;
  for (const AddressRange& range : inner) {
    if (range.family != family_) continue;
    any = true;
    if (!hold(outer, range)) return false;
  }
  return any;
}

void RuleSpace::add_ranges(const AddressSide& side, bool local, Extent extent, CellSet& cells) const {
  if (side.ranges.empty()) return;
  if (hold(side.ranges, whole(family_))) {
    cells = all(starts_.size() + atoms_.size());
    return;
  }
  add_intervals(side.ranges, cells);
  // Members of application security groups have addresses of the network, of the group's own side of its
  // subnets.
  const std::vector<AddressRange>& home = local ? binding_.subnets : binding_.networks;
  const bool known = binding_.bound && !(local ? binding_.open_subnets : binding_.open_networks);
  const bool holds_home = holds_all(home, side.ranges);
  if ((known && holds_home) || extent == Extent::Most)
    add_atoms([](const std::string& atom) { return is_group(atom); }, cells);
  if (extent == Extent::Most && (holds_home || !known))
    add_atoms([](const std::string& atom) { return atom == kNetwork || atom == kLoadBalancer; }, cells);
}

void RuleSpace::add_tag(const std::string& tag, bool local, Extent extent, bool narrow,
                        CellSet& cells) const {
  const bool generous = extent == Extent::Most && narrow;
  if (tag == kInternet) {
    add_intervals(internet(), cells);
    return add_atoms(is_service, cells);
  }
  if (tag == kNetwork) {
    if (local) {
      cells = all(starts_.size() + atoms_.size());
      return;
    }
    add_intervals(binding_.networks, cells);
    add_atoms([](const std::string& atom) { return atom == kNetwork || is_group(atom); }, cells);
    if (!generous) return;
    add_atoms([](const std::string& atom) { return atom == kLoadBalancer; }, cells);
    if (binding_.bound && !binding_.open_networks) return;
    CellSet outside(starts_.size() + atoms_.size());
    add_intervals(internet(), outside);
    CellSet every(starts_.size() + atoms_.size());
    add_intervals({whole(family_)}, every);
    cells.add(every.without(outside));
    return;
  }
  const std::string region = tag + ".";
  add_atoms([&](const std::string& atom) { return atom == tag || atom.starts_with(region); }, cells);
  if (!generous || !is_service(tag)) return;
  add_intervals(internet(), cells);
  if (tag.starts_with("azurecloud")) add_atoms(is_service, cells);
}

}  // namespace redoubt::posture::relations
