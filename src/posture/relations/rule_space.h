#pragma once

#include <string>
#include <vector>

#include "posture/relations/cells.h"
#include "posture/relations/security_rules.h"

namespace redoubt::posture::relations {

/// How much of a rule counts, where a part of it is open or a service tag stands for addresses that nobody
/// wrote down: what is surely in it, or all that may be. Asked and AskedLeast are of the rule that is
/// compared with others: of one for any address the addresses alone count, since whatever a tag stands for is
/// among them.
enum class Extent : std::uint8_t { Least, AskedLeast, Asked, Most };

/// The traffic of one direction and family, cut into cells along everything that the rules of a group name:
/// addresses and ports in exact intervals, service tags and application security groups as cells of their
/// own. The side that lies in the group's subnets is only as large as they are, where they are known.
///
/// What is in what: `*`, and prefixes that hold a whole family, hold everything. Internet holds public
/// addresses and the tags of services; VirtualNetwork the networks of the group, the members of application
/// security groups and, of the group's own side, everything; a tag the tags of its regions. What else a tag
/// holds is open. Source: "Virtual network service tags".
class RuleSpace {
 public:
  RuleSpace(const SecurityRules& rules, const Binding& binding, bool outbound, Family family);

  /// `narrow`: the box is compared with a rule of a few addresses, which a tag may well hold.
  Box box(const SecurityRule& rule, Extent extent, bool narrow) const;
  /// What the internet sends to the ports of SSH, Remote Desktop and Windows Remote Management.
  Box management() const;

 private:
  void cut(const SecurityRules& rules);
  void keep_local(Extent extent, CellSet& cells) const;
  CellSet addresses(const AddressSide& side, bool local, Extent extent, bool narrow) const;
  void add_ranges(const AddressSide& side, bool local, Extent extent, CellSet& cells) const;
  void add_tag(const std::string& tag, bool local, Extent extent, bool narrow, CellSet& cells) const;
  void add_intervals(const std::vector<AddressRange>& ranges, CellSet& cells) const;
  template <class Fits>
  void add_atoms(const Fits& fits, CellSet& cells) const;
  void add_atom(std::string_view name, CellSet& cells) const;
  void add_ports(const PortRange& range, CellSet& cells) const;
  CellSet nothing() const { return CellSet(starts_.size() + atoms_.size()); }
  CellSet all(std::size_t size) const;
  CellSet ports(const PortSide& side, Extent extent) const;
  CellSet protocols(const SecurityRule& rule, Extent extent) const;

  const Binding& binding_;
  bool outbound_;
  Family family_;
  std::vector<Address> starts_;
  std::vector<std::string> atoms_;
  std::vector<std::uint32_t> port_starts_;
  // What every rule is held against, worked out once.
  CellSet internet_;
  CellSet subnets_;
  CellSet networks_;
  CellSet groups_;    ///< application security groups
  CellSet services_;  ///< tags of services with public addresses
};

/// Whether the side is everything, or as much as no tag but its own can hold.
bool is_broad(const AddressSide& side);

}  // namespace redoubt::posture::relations
